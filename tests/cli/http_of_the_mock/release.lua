local url = arg[1]
local token = { Authorization = "Token mock" }
local reply = assert(http.get(url .. "/api/v1/orders/", { headers = token }))
print(reply.status, reply.headers["content-type"], type(reply:json().count))
local none, message, kind, refused = http.get(url .. "/api/v1/orders/")
print(none, message, kind, refused.status)
print(pcall(function()
  http.get(url .. "/none/", { any_status = true }):json()
end))
print(select(3, http.get("http://127.0.0.1:1/")))
print(pcall(http.get, url, { heeders = token }))
local erp = http.client { base_url = url, headers = token }
print(erp:get("/api/i1/orders/", { query = { limit = 1 } }).status)
omnitron.each({ "a row" }, function()
  http.post("https://erp.invalid/orders", { json = { id = 1 } })
end)
