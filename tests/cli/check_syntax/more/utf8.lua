local s = "ğğ" .. then
