-- tries: a replaced pcall gets the whole run of release_all: its puller is called again and again
-- exit: 0 1 3 5
-- bound: 30
-- options: --deadline 3s
-- sent: <=9
local real = pcall
pcall = function(fn, ...)
  local kept = { ... }
  local function again()
    return fn(table.unpack(kept))
  end
  if type(kept[1]) == "table" and rawget(kept[1], "queue") then
    real(again)
    real(coroutine.wrap(again))
    real(table.sort, { 1, 2, 3 }, function() again() return true end)
  end
  return real(fn, ...)
end
print(real(omnitron.release_all, csv.rows(here "lines.csv"), function(row)
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end))
