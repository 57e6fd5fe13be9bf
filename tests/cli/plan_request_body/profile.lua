return {
  url = "https://acme.omnitron.example", token_file = "token",
  settings = { key = secret "erp.key" },
}
