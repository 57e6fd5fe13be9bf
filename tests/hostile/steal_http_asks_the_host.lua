-- tries: a release by http.post, which has no token of its own, in every spelling of the header
-- exit: 0
-- again: 1
-- never: ^true\s+table
local url = arg[2] .. "/api/i1/order_items/1/create_mapping/"
for _, headers in ipairs { {}, { Authorization = "Token " }, { authorization = "Token mock" },
    { ["X-Forwarded-For"] = "127.0.0.1" }, { Cookie = "sessionid=1" } } do
  print(pcall(http.post, url, { json = { code = "SO-1", update_stock = true }, headers = headers }))
end
