return function(row)
  if row.erp_doc == "" then
    return nil, "not booked yet", "later"
  end
  return { order_item_id = row.item, code = row.erp_doc .. "/" .. row.erp_line }
end
