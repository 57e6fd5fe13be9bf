return {
  url = "https://CHANGE-ME.omnitron.net",
  token_file = "token",
  update_stock = "explicit",
  settings = {
    login = (env "BC_URL" or "https://login.microsoftonline.com/CHANGE-ME")
      .. "/oauth2/v2.0/token",
    client = {
      grant_type = "client_credentials",
      client_id = "CHANGE-ME",
      client_secret = secret "bc.secret",
      scope = "https://api.businesscentral.dynamics.com/.default",
    },
    bc = (env "BC_URL" or "https://api.businesscentral.dynamics.com")
      .. "/v2.0/production/api/v2.0/companies(CHANGE-ME)",
  },
}
