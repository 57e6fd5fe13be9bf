local SECOND = "GET /orders?reference=90000018706"
local FOUND = { json = { { number = "SO-7002", lines = {
  { line = 10, reference = 46763 } } } } }

local function run(replies)
  test.mock { items = "46761-46766" } -- the orders 18705 and 18706
  replies["GET /orders?reference=90000018705"] =
    replies["GET /orders?reference=90000018705"] or "erp/order1.json"
  settings.erp = test.serve(replies)
  dofile(here "release.lua")
end

local function waiting()
  local list = {}
  for order in omnitron.waiting_orders() do list[#list + 1] = order.pk end
  return list
end

local function posts()
  local list = {}
  for _, request in ipairs(test.requests()) do
    if request.method == "POST" then list[#list + 1] = request.json end
  end
  return list
end

test("an order that the ERP has is not made again", function()
  run { [SECOND] = { json = {} },
    ["POST /orders"] = { status = 201, file = "erp/made.json" } }
  test.eq(#posts(), 1)
  test.eq(posts()[1].reference, "90000018706")
  test.eq(#posts()[1].lines, 4)
  test.eq(test.ledger()[1].code, "SO-7001/10")
  test.eq(#test.ledger(), 6)
  test.eq(waiting(), {}, "all are marked as sent")
end)

test("an order with an item left is not marked as sent", function()
  run { [SECOND] = FOUND }
  test.eq(#test.ledger(), 3)
  test.eq(waiting(), { 18706 })
end)

test("an ERP that fails keeps its order alone back", function()
  run { ["GET /orders?reference=90000018705"] = { status = 400 },
    [SECOND] = FOUND }
  test.eq(#posts(), 0)
  test.eq(test.ledger()[1].order_item_id, 46763)
end)
