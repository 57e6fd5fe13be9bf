return function(row)
  return {
    order_item_id = row.item,
    code = settings.warehouses .. row.erp_line,
  }
end
