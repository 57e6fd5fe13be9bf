return function(row)
  if row.code ~= "SO-1/20" then
    return { order_item_id = row.item, code = row.code }
  end
end
