-- Which ERP line goes with which Omnitron order item.
return function(row)
  if row.note == "hediye" then
    return nil, "gift wrap, not in the ERP"
  end
  if row.erp_doc == "" then
    return nil, "not booked yet", "later"
  end
  return {
    order_item_id = row.item,
    code = row.erp_doc .. "/" .. row.erp_line,
    update_stock = row.note ~= "konsinye", -- consignment: keep the stock
  }
end, { csv = { encoding = "windows-1254" } }
