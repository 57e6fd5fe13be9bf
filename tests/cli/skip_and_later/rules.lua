return function(row)
  if row.item == "" then return nil, "gift wrap" end
  if row.code == "" then return nil, "not booked yet", "later" end
  return { order_item_id = row.item, code = row.code }
end
