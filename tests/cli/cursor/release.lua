local rows = { 10, 20, 30, 40 }
omnitron.release_all(rows, function(n)
  if tostring(n) == arg[1] then return nil, "not booked", "later" end
  if tostring(n) == arg[2] then error("no warehouse", 0) end
  return { order_item_id = n, code = "SO-1/" .. n }
end, { cursor = "odoo", at = function(n) return n end })
print(omnitron.recall("odoo"))
