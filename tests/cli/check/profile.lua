return { settings = { erp = "http://127.0.0.1:1" }, update_stock = "explicit" }
