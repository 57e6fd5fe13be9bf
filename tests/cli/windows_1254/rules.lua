return function(row)
  print(row.name)
  return { order_item_id = row.item, code = row.code }
end, { csv = { encoding = "windows-1254" } }
