local warehouses = {}
return function(row)
  if row.code == "SO-1/20" then
    local name = warehouses.ANK.name
  end
  return { order_item_id = row.item, code = row.code }
end
