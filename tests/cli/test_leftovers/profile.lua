return { run_away = "1s" }
