-- search_read of Odoo's JSON-RPC. An error comes under 200, too.
return function(model, domain, options)
  local reply = assert(http.post(settings.odoo .. "/jsonrpc", {
    reads = true, -- so that it may be tried again, and planned
    json = { jsonrpc = "2.0", method = "call", params = {
      service = "object", method = "execute_kw",
      args = { settings.db, settings.uid, settings.key, model, "search_read",
        { domain }, options },
    } },
  })):json()
  if reply.error then
    error("Odoo: " .. reply.error.data.message, 0)
  end
  return reply.result
end
