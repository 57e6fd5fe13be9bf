return { run_away = "200ms" }
