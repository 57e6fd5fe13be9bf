-- tries: to send in a plan: every method, by every function, replaced globals, methods that are none
-- command: plan
-- exit: 0 1 2 3 10
-- sent: 0
-- after: ! grep -qhE '^(POST|PUT|PATCH|DELETE|OPTIONS|PROPFIND|GETX|get|HEADX|TRACE|CONNECT) ' "$RECORDED"/* 2>/dev/null
local find = string.find
local function all()
  for _, verb in ipairs { "post", "put", "patch", "delete" } do
    print(pcall(http[verb], arg[1] .. "/x", { json = {} }))
    print(pcall(omnitron[verb] or print, "/api/i1/orders/1/", { is_send = true }))
  end
  for _, method in ipairs { "POST", "PROPFIND", "GETX", "OPTIONS", "get", "GET\0POST", "GET\r\nPOST", " GET", "TRACE", "CONNECT", "HEADX" } do
    print(method, pcall(http.request, method, arg[1] .. "/x", { body = method ~= "GET" and "x" or nil }))
  end
  print(pcall(omnitron.mark_sent, { pk = 1, orderitem_set = { { pk = 1, status = "100" } } }))
  print(pcall(omnitron.release, { order_item_id = 1, code = "SO-1", update_stock = true }))
  print(pcall(http.client, { base_url = arg[1], bearer = function() return http.post(arg[1] .. "/login", { body = "x" }) end }))
end
all()
string.find = function() return 1 end
all()
string.find = find
omnitron.planning = false
rawset(omnitron, "planning", false)
all()
omnitron.release_all(csv.rows(here "lines.csv"), function(row)
  pcall(http.post, arg[1] .. "/row", { body = "x" })
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end)
