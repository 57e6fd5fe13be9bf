return { run_away = "200ms", memory = "16M" }
