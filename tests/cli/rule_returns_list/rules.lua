return function(row)
  local list = {}
  for item in row.items:gmatch "%d+" do
    list[#list + 1] = { order_item_id = item, code = row.code }
  end
  return list
end
