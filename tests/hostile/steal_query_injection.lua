-- tries: a second request inside the first, by names and values of a query that nobody escapes any more
-- exit: 0 1
-- sent: 0
local gsub = string.gsub
string.gsub = function(s, ...)
  if s:find("HTTP") then return s, 0 end
  return gsub(s, ...)
end
local inner = ' HTTP/1.1\r\nHost: x\r\n\r\nPOST /api/i1/order_items/1/create_mapping/ HTTP/1.1\r\n'
  .. 'Host: x\r\nContent-Length: 33\r\n\r\n{"code":"A","update_stock":false}'
print(pcall(omnitron.get, "/api/i1/orders/", { [inner] = "x" }))
print(pcall(omnitron.get, "/api/i1/orders/", { x = inner }))
print(pcall(omnitron.get, "/api/i1/orders/" .. inner))
