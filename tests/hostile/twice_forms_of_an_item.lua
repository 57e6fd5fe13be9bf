-- tries: one item in every spelling, by every function, at the same time
-- exit: 0 1 3
-- sent: <=1
local forms = { 1, "1", 1.0, "1.0", "01", " 1", "1 ", "+1", "0x1", "1e0", "\u{FF11}", "1\0", "1\n", -1, "1,0", "١" }
local function try(item)
  return pcall(omnitron.release, { order_item_id = item, code = "SO-1", update_stock = true })
end
omnitron.each(forms, function(item) print(item, try(item)) end, { at_once = 16 })
for _, item in ipairs(forms) do
  pcall(omnitron.release_all, { item }, function(i) return { order_item_id = i, code = "SO-1", update_stock = true } end)
end
pcall(omnitron.release_all, { 1 }, function()
  local list = {}
  for i, item in ipairs(forms) do list[i] = { order_item_id = item, code = "SO-1", update_stock = true } end
  return list
end)
pcall(omnitron.release_all, { 1 }, function()
  return { { order_item_id = 1, code = "SO-1" }, { order_item_id = "1", code = "SO-1" }, { order_item_id = 1, code = "SO-1" } }
end)
