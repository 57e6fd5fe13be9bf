return {
  url = "https://CHANGE-ME.omnitron.net",
  token_file = "token",
  update_stock = "explicit",
  settings = {
    odoo = env "ODOO_URL" or "https://CHANGE-ME.odoo.example",
    db = "shop",
    uid = 7,                 -- the user that reads, and
    key = secret "odoo.key", -- its API key (a file of mode 0600)
  },
}
