return {
  url = "https://CHANGE-ME.omnitron.net",
  token_file = "token",
  update_stock = "explicit",
  settings = {
    sap = env "SAP_URL" or "https://CHANGE-ME.s4hana.example",
    user = "OMNITRON",
    password = secret "sap.password",
  },
}
