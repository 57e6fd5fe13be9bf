-- The items of an order of Omnitron and the lines of Business Central know
-- each other by SKU alone. A line goes to as many items as it has pieces.
local function take(lines, sku)
  for _, line in ipairs(lines) do
    if line.lineType == "Item" and line.lineObjectNumber == sku
      and line.quantity > 0 then
      line.quantity = line.quantity - 1
      return line.id
    end
  end
end

return function(order, lines)
  local releases = {}
  for i, item in ipairs(order.orderitem_set) do
    local code = take(lines or {}, item.product.sku)
    if not code then return nil, "not in Business Central yet", "later" end
    releases[i] = { order_item_id = item.pk, code = code, update_stock = true }
  end
  return releases
end
