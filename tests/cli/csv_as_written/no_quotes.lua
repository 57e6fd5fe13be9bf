return function(row)
  return { order_item_id = row.item, code = row.erp_doc .. "/" .. row.erp_line }
end, { csv = { quote = false } }
