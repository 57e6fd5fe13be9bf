return { url = "https://acme.omnitron.net" }
