return {
  url = "https://CHANGE-ME.omnitron.net",
  token_file = "token",
  update_stock = "explicit",
}
