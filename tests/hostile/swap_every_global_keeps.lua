-- tries: every global keeps what it is handed, and every method of it is called afterwards
-- exit: 0 1 3 5 70
-- bound: 40
-- options: --deadline 5s
local kept, order = {}, {}
local next, type, select, pcall, getmetatable, print = next, type, select, pcall, getmetatable, print
local wrap, sort = coroutine.wrap, table.sort
local function keep(value, depth)
  if (type(value) ~= "userdata" and type(value) ~= "table" and type(value) ~= "thread")
    or kept[value] or depth > 3 then
    return
  end
  kept[value] = true
  order[#order + 1] = value
  if type(value) == "table" then
    for k, v in next, value do keep(v, depth + 1) end
  end
end
for name, fn in next, _G do
  if type(fn) == "function" and name ~= "print" then
    _G[name] = function(...)
      for i = 1, select("#", ...) do keep((select(i, ...)), 0) end
      return fn(...)
    end
  end
end
pcall(omnitron.release_all, { 1, 2, 3 }, function(row)
  pcall(http.get, arg[1] .. "/x", { timeout = 2 })
  return { order_item_id = row, code = "SO-" .. row, update_stock = true }
end)
pcall(omnitron.get, "/api/i1/orders/")
pcall(function() for _ in http.lines(arg[1] .. "/x") do end end)
local count = 0
for _, value in next, { table.unpack(order) } do
  local meta = type(value) == "userdata" and getmetatable(value)
  local methods = type(meta) == "table" and (type(meta.__index) == "table" and meta.__index or meta) or {}
  for name, method in next, methods do
    if type(method) == "function" then
      count = count + 1
      pcall(method, value)
      pcall(sort, { 1, 2, 3 }, function(a, b) method(value) return a < b end)
      pcall(wrap(function() return method(value, value, value) end))
    end
  end
end
for _ = 1, 10 do collectgarbage() end
print(count)
