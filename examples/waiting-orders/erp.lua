-- The ERP's order for one of Omnitron's, by its number. It is looked for
-- before it is made: a run may have ended between making it and knowing of it.
local erp = http.client { base_url = settings.erp, bearer = settings.key }

local function lines_of(order)
  local lines = {}
  for _, item in ipairs(order.orderitem_set) do
    if item.status ~= "100" then -- canceled
      lines[#lines + 1] = { reference = item.pk, sku = item.product.sku,
        price = item.price }
    end
  end
  return lines
end

return function(order)
  local found = assert(erp.get("/orders",
    { query = { reference = order.number } })):json()
  if found[1] then
    return found[1]
  end
  return assert(erp.post("/orders", { json = {
    reference = order.number, lines = lines_of(order) } })):json()
end
