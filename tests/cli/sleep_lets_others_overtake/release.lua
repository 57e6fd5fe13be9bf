local order = {}
local summary = omnitron.release_all({ 1, 2, 3, 4 }, function(n)
  order[#order + 1] = "start " .. n
  if n == 1 then sleep(0.3) end
  order[#order + 1] = "end " .. n
  return { order_item_id = n, code = "SO-1/" .. n }
end)
print(table.concat(order, ", "))
print(summary.confirmed, summary.safe)
