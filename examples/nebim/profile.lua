return {
  url = "https://CHANGE-ME.omnitron.net",
  token_file = "token",
  update_stock = "explicit",
  settings = {
    nebim = env "NEBIM_URL" or "https://CHANGE-ME.nebim.example",
    login = {
      DatabaseName = "SHOP_V3",
      UserGroupCode = "INT",
      UserName = "omnitron",
      Password = secret "nebim.password",
    },
  },
}
