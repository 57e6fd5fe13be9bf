return function(row)
  if row.code == "" then
    return nil, row.why, "later"
  end
  return { order_item_id = row.item, code = row.code }
end
