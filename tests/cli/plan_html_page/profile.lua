return {
  url = "https://acme.omnitron.net",
  settings = { erp = env "ERP" },
}
