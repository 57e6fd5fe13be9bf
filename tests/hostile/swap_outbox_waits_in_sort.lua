-- tries: a replaced xpcall gets the outbox; it waits in a callback of sort, which cannot yield
-- exit: 0 3
-- never: cannot resume
-- bound: 30
-- options: --deadline 3s
local real, box = xpcall, nil
xpcall = function(fn, handler, ...)
  for _, value in ipairs { ... } do
    if type(value) == "table" and rawget(value, "outbox") then box = value.outbox end
  end
  return real(fn, handler, ...)
end
local function rule(row)
  if box then
    pcall(table.sort, { 3, 2, 1 }, function(a, b) box:wait() return a < b end)
  end
  return { order_item_id = row, code = "SO-" .. row, update_stock = true }
end
print(pcall(omnitron.release_all, { 1, 2, 3 }, rule))
box = nil
for _ = 1, 50 do collectgarbage() end
print(pcall(omnitron.release_all, { 4, 5, 6 }, rule))
