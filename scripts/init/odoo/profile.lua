-- Who this is for. `omnitron run` reads it; nothing here is a script.
return {
  url = "https://CHANGE-ME.omnitron.net", -- 1. the customer's Omnitron
  token_file = "token",                   -- 2. put the API token in there
  update_stock = "explicit",              -- every release says what it means

  settings = {
    odoo = env "ODOO_URL" or "https://CHANGE-ME.odoo.com", -- 1. and its Odoo
    db = "CHANGE-ME",        -- its data base,
    uid = 2,                 -- a user that may read sales orders, and
    key = secret "odoo.key", -- 2. an API key of that user
  },
}
