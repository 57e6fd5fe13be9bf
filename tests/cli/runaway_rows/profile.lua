return { run_away = "300ms" }
