-- file.lua FILE: releases the items of a CSV file.
local done = omnitron.release_all(csv.rows(arg[1]), function(row)
  return {
    order_item_id = row.item,
    code = "B/" .. row.item,
    update_stock = row.stock == "1",
  }
end)
assert(done.safe and done.confirmed + done.already == done.rows,
  "not all were released")
