local orders = {
  { number = "SO-1", note = "first\nsecond" },
  { number = "SO-2", note = ("long "):rep(40) },
}

local function post(order)
  if order.number == "SO-1" then
    assert(http.post("https://erp.example/orders?key=" .. settings.key, {
      form = { note = order.note .. settings.key } }))
  end
  assert(http.post("https://erp.example/orders", { json = order.note }))
end

omnitron.release_all(orders, post, { name = function(order)
  return order.number
end })
