require "collector"

test("the orders that wait, with their items; marked when all is released",
  function()
    test.mock { items = "46761-46764" }
    local orders, items = 0, 0
    for order in omnitron.waiting_orders() do
      orders = orders + 1
      local _, message, kind = omnitron.mark_sent(order)
      test.eq(kind, "later", message)
      for _, item in ipairs(order.orderitem_set) do
        items = items + 1
        test.ok(omnitron.release { order_item_id = item.pk,
          code = "SO-1/" .. item.pk })
      end
      test.ok(omnitron.mark_sent(order))
    end
    test.ok(orders > 0)
    test.eq(#test.ledger(), items)
    for _ in omnitron.waiting_orders() do
      error "an order waits that was marked"
    end
  end)

test("an order is called by its number, unless the script says otherwise",
  function()
    test.mock { items = "46761-46764" }
    local function later() return nil, "not booked", "later" end
    local number = omnitron.waiting_orders()().number
    local s = omnitron.each(omnitron.waiting_orders(), later)
    test.eq(s.problems[1].name, number)
    s = omnitron.release_all(omnitron.waiting_orders(), later)
    test.eq(s.problems[1].name, number)
    s = omnitron.each(omnitron.waiting_orders(), later,
      { name = function(order) return "order " .. order.number end })
    test.eq(s.problems[1].name, "order " .. number)
    s = omnitron.each({ { order = "A-1" } }, later)
    test.eq(s.problems[1].name, nil)
  end)

test("what the option order raises is the row's failure", function()
  local function fail(row) return row.order.number end
  local s = omnitron.each({ { item = 1 }, { order = { number = 2 } } },
    function() return true end, { order = fail })
  test.eq({ s.failed, s.released }, { 1, 1 })
  test.raises(function() omnitron.each({}, fail, { order = true }) end,
    "order must be a function")
end)

test("a list comes page by page", function()
  test.mock { items = "1-250" }
  local n = 0
  for item in omnitron.pages("/api/i1/order_items/") do
    n = n + 1
    test.eq(item.pk, n)
  end
  test.eq(n, 250)
end)

test("what writes a release is refused", function()
  test.raises(function()
    omnitron.post("/api/i1/order_items/1/create_mapping/", { code = "A" })
  end, "use omnitron.release")
  test.eq(test.ledger(), {})
end)

test("what the API refuses is nil, a message and a word", function()
  local got, message, kind = omnitron.get "/api/i1/order_items/99999/"
  test.eq({ got, kind }, { nil, "status" }, message)
end)
