-- Who this is for. `omnitron run` reads it; nothing here is a script.
return {
  url = "https://CHANGE-ME.omnitron.net", -- 1. the customer's Omnitron
  token_file = "token",                   -- 2. put the API token in there
  update_stock = "explicit",              -- every release says what it means

  settings = {
    erp = env "ERP_URL" or "https://CHANGE-ME.erp.example", -- 1. and its ERP
    key = secret "erp.key",               -- 2. put the ERP's key in there
  },
}
