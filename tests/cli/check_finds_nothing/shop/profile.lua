return { settings = { key = 1 } }
