return function(row)
  if row.stock == "none" then
    return nil, "no stock"
  end
  return { order_item_id = row.order_item_id, code = row.erp }
end
