-- One ERP line stands for as many order items as it has pieces, and the
-- warehouse that it ships from says what becomes of their stock.
local warehouses = csv.table(here "warehouses.csv", "code")

return function(row)
  local warehouse = warehouses[row.warehouse] -- raises when there is none
  local code = row.erp_doc .. "/" .. row.erp_line
  local releases = {}
  for item in row.items:gmatch "%S+" do
    releases[#releases + 1] = {
      order_item_id = item,
      code = code,
      update_stock = warehouse.stock == "ours", -- a partner's: keep it
    }
  end
  if #releases ~= csv.number(row.qty, ",") then
    error(("%s has %s pieces and %d items"):format(code, row.qty, #releases))
  end
  return releases
end, { name = function(row) return row.erp_doc .. "/" .. row.erp_line end }
