return {
  url = "https://CHANGE-ME.omnitron.net",
  token_file = "token",
  update_stock = "explicit",
  settings = {
    erp = env "ERP_URL" or "https://CHANGE-ME.erp.example",
    key = secret "erp.key",
  },
}
