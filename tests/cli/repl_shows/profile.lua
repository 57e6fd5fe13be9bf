return {
  settings = { erp = "https://erp.acme.example", key = secret "odoo.key" },
}
