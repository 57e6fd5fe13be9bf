local warehouses = csv.table(here "warehouses.csv", "code")

return function(row)
  return {
    order_item_id = row.item,
    code = row.erp_doc .. "/" .. row.erp_line,
    update_stock = warehouses[row.warehouse].stock == "ours",
  }
end
