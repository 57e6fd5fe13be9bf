return function(row)
  local release = {
    order_item_id = row.item,
    code = row.erp_doc .. "/" .. row.erp_line,
  }
end
