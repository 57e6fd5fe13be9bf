-- tries: release, release_all, each, known with odd values: nan, inf, edges of integers, huge and broken texts, tables that raise or contain themselves
-- says: ^done
-- exit: 0 1 3 5
-- bound: 60
-- options: --deadline 20s
-- again: 1
-- setup: cp "$CASES/lib/odd.lua" .
local odd, call = dofile("odd.lua")
for _, name in ipairs { "release", "release_all", "each", "known" } do call(name, omnitron[name]) end
for i = 1, 35 do
  pcall(omnitron.release, { order_item_id = odd[i], code = odd[i], update_stock = odd[i] })
  pcall(omnitron.release, { order_item_id = 1, code = odd[i], update_stock = true })
  pcall(omnitron.release, { order_item_id = 1, code = "A", y = odd[i] })
  pcall(omnitron.release_all, { 1 }, function() return odd[i] end)
  pcall(omnitron.release_all, { 1 }, function() return nil, odd[i], odd[i] end)
  pcall(omnitron.release_all, { odd[i] }, function() return nil, "x" end, { name = function() return odd[i] end })
  pcall(omnitron.release_all, { 1 }, print, { at_once = odd[i], cursor = odd[i], at = odd[i] })
end
print("done")
