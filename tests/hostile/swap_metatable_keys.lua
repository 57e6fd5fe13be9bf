-- tries: to put functions of its own into the metatables of the library
-- exit: 0 1 3 5
-- options: --deadline 2s
for _, thing in ipairs { csv.rows(here "lines.csv"), io.stdout, "" } do
  local meta = getmetatable(thing)
  if type(meta) == "table" then
    for _, name in ipairs { "__gc", "__close", "__index", "__call", "__tostring", "pull", "prefix", "unchanged" } do
      pcall(function() meta[name] = function() return 1, 2, 3, 4 end end)
    end
    if type(meta.__index) == "table" then
      for name in pairs(meta.__index) do
        meta.__index[name] = function() return false, {}, {}, {} end
      end
    end
  end
end
local n = 0
print(pcall(omnitron.release_all, csv.rows(here "lines.csv"), function(row)
  n = n + 1
  if n > 20 then error("enough") end
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end, { at_once = 1 }))
