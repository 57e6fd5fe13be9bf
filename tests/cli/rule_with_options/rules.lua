return function(row)
  if row.code == "" then return nil, "not booked", "later" end
  return { order_item_id = row.item, code = row.code }
end, {
  csv = { separator = "|" },
  name = function(row) return "order " .. row.order end,
  cursor = "lines",
  at = function(row) return row.order end,
}
