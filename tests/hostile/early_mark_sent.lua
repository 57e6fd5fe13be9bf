-- tries: to mark an order as sent whose items are not released: made-up orders, statuses, metatables, replaced functions
-- exit: 0 1
-- never: ^MARKED
local function order(items) return { pk = 1, number = "1", orderitem_set = items } end
local lying = setmetatable({}, { __index = function(_, i) return nil end, __len = function() return 0 end })
local known = omnitron.known
omnitron.known = function() return { state = "confirmed", code = "x" } end
local tries = { order {}, order { { pk = 1 } }, order { { pk = 1 }, { pk = 2 } }, order(lying), order { { pk = "1" } }, order { 1 },
  { pk = 1, orderitem_set = "x" }, { pk = 1.5, orderitem_set = {} }, order { [2] = { pk = 2 } }, {}, "x", 1 }
for _, one in ipairs(tries) do
  local ok, marked, why = pcall(omnitron.mark_sent, one)
  if ok and marked then print("MARKED", one.pk) end
  print(ok, marked, why)
end
omnitron.known = known
