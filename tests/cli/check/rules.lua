local keep = { ANK = true }

local function mapping(row)
  return { order_item = row.item, code = row.erp_doc .. "/" .. row.erp_line }
end

for place = 1, 3 do
  keep[place] = true
end

return function(row)
  if row.erp_doc == "" then
    return nil, "not booked yet", later
  elseif row.kind == "set" then
    local list = { { order_item_id = row.item, code = row.code, stock = true } }
    list[#list + 1] = { order_item_id = row.other, update_stock = "no" }
    return list
  elseif row.kind == "gift" then
    local release = { order_item_id = row.item, code = row.code }
	release.update_stok = keep[place]
    return release
  end
  code = prefx .. row.code
  return mapping(row)
end
