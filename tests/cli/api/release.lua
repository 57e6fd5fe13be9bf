local types = omnitron.get("/api/v1/content_types/", { model = "orderitem" })
print(types[1] and types[1].model or types.results[1].model)

local list = omnitron.get("/api/i1/orders/",
  { status = 400, is_send = false, limit = 2, ["x y"] = { 1, "ç&" } })
print(list.count, #list.results, list.next)
print(omnitron.get("/api/i1/orders/?limit=1", { page = 3 }).results[1].pk)

print(omnitron.get("/api/i1/orders"))
print(omnitron.get("/api/i1/orders/999999999999999999999/"))
print(omnitron.patch("/api/i1/orders/1/", { is_send = "maybe" }))

for _, wrong in ipairs {
  { "get", "api/i1/orders/" },
  { "get", "https://elsewhere.example/api/i1/orders/" },
  { "get", "/api/../admin/" },
  { "get", "/api/i1/orders/", { status = print } },
  { "get", "/api/i1/orders/", "status=400" },
  { "post", "/api/i1/order_items/1/create_mapping/", {} },
  { "patch", "/api/i1/order_items/1/create%5fmapping/", {} },
  { "post", "/api/i1/auth/login/", {} },
  { "post", "/api/i1/orders/1/", "text" },
  { "pages", "orders" },
  { "waiting_orders", 400 },
  { "mark_sent", { pk = 1 } },
} do
  print(wrong[1], select(2, pcall(function()
    local reply = omnitron[wrong[1]](wrong[2], wrong[3])
    return reply
  end)))
end

local items = 0
for item in omnitron.pages("/api/v1/order_items/", { limit = 30 }) do
  items = items + 1
end
print(items, "items")
print(pcall(omnitron.pages("/api/i1/orders/18705/")))

local orders, codes = {}, 0
for order in omnitron.waiting_orders { limit = 7 } do
  orders[#orders + 1] = order
  for i, item in ipairs(order.orderitem_set) do
    if i == 1 and #orders == 2 then
      print(omnitron.mark_sent(order))
    end
    if #orders == 3 and i == 1 then
      item.status = "100"
    else
      codes = codes + 1
      omnitron.release {
        order_item_id = item.pk, code = order.number .. "/" .. i,
        update_stock = true,
      }
    end
  end
  assert(omnitron.mark_sent(order))
end
print(#orders, "orders", codes, "codes")
print(omnitron.waiting_orders()())
print(omnitron.get("/api/i1/orders/", { is_send = true }).count, "are sent")
print(omnitron.mark_sent { pk = 1, orderitem_set = {} })
