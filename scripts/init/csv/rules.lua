-- 3. Which ERP code goes with which order item. A row of the CSV file comes
-- in; a release goes out, or nil and the reason why not.
return function(row)
  if row.item == "" then
    return nil, "no order item: not from Omnitron"
  end
  if row.erp_doc == "" then
    return nil, "not booked yet", "later"
  end
  return {
    order_item_id = row.item,
    code = row.erp_doc .. "/" .. row.erp_line,
    update_stock = row.stock ~= "consignment",
  }
end
