-- Who this is for. `omnitron run` reads it; nothing here is a script.
return {
  url = "https://CHANGE-ME.omnitron.net", -- 1. the customer's Omnitron
  token_file = "token",                   -- 2. put the API token in there
  update_stock = "explicit",              -- every release says what it means

  -- The script's own settings, as settings.warehouse:
  settings = {
    -- warehouse = "IST",
  },
}
