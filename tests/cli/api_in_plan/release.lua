print(omnitron.get("/api/i1/orders/18705/").number)
print(pcall(omnitron.post, "/api/v1/orders/?key=1", {}))
local function first(iterator, n)
  return function()
    n = n - 1
    return n >= 0 and iterator() or nil
  end
end
omnitron.each(first(omnitron.waiting_orders(), 2), function(order)
  if order.pk == 18705 then
    print(omnitron.mark_sent(order))
  end
  for i, item in ipairs(order.orderitem_set) do
    omnitron.release { order_item_id = item.pk, code = order.number .. "/" .. i }
  end
  omnitron.mark_sent(order)
end)
