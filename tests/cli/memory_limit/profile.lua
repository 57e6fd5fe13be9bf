return { memory = "16M" }
