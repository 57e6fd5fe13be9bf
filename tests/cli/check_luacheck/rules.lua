local unused = "ğ" .. 1
local codes = { a = 1, b = 2, a = 3 }

return function(row)
  local code = codes[row.kind]
  code = row.code
  if row.gone then
  end
  for i = #row, 1 do
    print(i)
  end
  local row = row.item
  do
    return { order_item_id = row, code = code }
  end
  print("never")
end
