-- SAP writes 0000012001 here and 12001 there: a code has no zeros in front.
local function plain(number)
  return (number:match "^0*(%d+)$")
end

-- A sales order: a release for each of its items that came from Omnitron.
-- An item's number is that of its place, 10 in every order: the order's number
-- belongs to the code.
return function(order)
  assert(not order.to_Item.__next, "SAP did not give all items of the order")
  local releases = {}
  for _, item in ipairs(order.to_Item.results) do
    local ours = item.PurchaseOrderByCustomer:match "^OMN%-(%d+)$"
    if ours and item.SalesDocumentRjcnReason == "" then
      releases[#releases + 1] = {
        order_item_id = ours,
        code = plain(order.SalesOrder) .. "/" .. plain(item.SalesOrderItem),
        update_stock = true,
      }
    end
  end
  if #releases == 0 then
    return nil, "nothing of Omnitron's in it"
  end
  return releases
end
