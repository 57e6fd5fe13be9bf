-- tries: releases whose fields change while they are read, by metamethods and by the rule of another task
-- exit: 0 1 3
-- sent: <=6
local n = 0
local function shifting()
  return setmetatable({}, { __index = function(_, key)
    n = n + 1
    if key == "order_item_id" then return n % 3 + 1 end
    if key == "code" then return "C-" .. n end
    return true
  end })
end
for _ = 1, 5 do print(pcall(omnitron.release, shifting())) end
print(pcall(omnitron.release_all, { 1, 2, 3 }, function() return shifting() end))
local shared = { order_item_id = 4, code = "S-4", update_stock = true }
print(pcall(omnitron.release_all, { 4, 5, 6 }, function(row)
  shared.order_item_id, shared.code = row, "S-" .. row
  sleep(0.01)
  return shared
end))
print(pcall(omnitron.release, setmetatable({ order_item_id = 1, code = "X" }, { __pairs = error, __len = error, __index = error })))
