local rule = dofile(here "rules.lua")

local function order(...)
  local items = {}
  for i, item in ipairs { ... } do
    items[i] = { SalesOrderItem = ("%06d"):format(i * 10),
      PurchaseOrderByCustomer = item, SalesDocumentRjcnReason = "" }
  end
  return { SalesOrder = "0000012001", to_Item = { results = items } }
end

test("the code has no zeros in front, and those inside stay", function()
  local releases = test.rule(rule, order("OMN-46761", "OMN-46762"))
  test.eq(releases[2],
    { order_item_id = 46762, code = "12001/20", update_stock = true })
end)

test("what is not Omnitron's is left out", function()
  test.eq(#test.rule(rule, order("OMN-46761", "PO 4711", "")), 1)
  test.eq(test.rule(rule, order "PO 4711"),
    { skipped = "nothing of Omnitron's in it" })
end)

test("what was changed since the last run is asked for", function()
  settings.sap = test.serve {
    ["GET /sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder"] =
      "erp/orders.json" }
  dofile(here "release.lua")
  test.eq(#test.ledger(), 3)
  test.eq(omnitron.recall "sap", "/Date(1763777047000+0000)/")
  dofile(here "release.lua")
  local asked = test.requests()
  test.eq(asked[1].query["$filter"],
    "LastChangeDateTime ge datetimeoffset'2025-01-01T00:00:00Z'")
  test.eq(asked[2].query["$filter"],
    "LastChangeDateTime ge datetimeoffset'2025-11-22T02:04:07Z'")
  test.eq(#test.ledger(), 3, "nothing is sent twice")
end)

local SERVICE = "/sap/opu/odata/sap/API_SALES_ORDER_SRV/"

-- SAP's list in two pieces, the second of which is that reply.
local function two_pieces(second)
  local first = order "OMN-46761"
  first.LastChangeDateTime = "/Date(1763777647000+0000)/"
  settings.sap = test.serve {
    ["GET " .. SERVICE .. "A_SalesOrder"] = { json = { d = {
      results = { first }, __next = "A_SalesOrder?$skiptoken=2" } } },
    ["GET " .. SERVICE .. "A_SalesOrder?$skiptoken=2"] = second,
  }
  dofile(here "release.lua")
end

test("a list that goes on is read to its end", function()
  local second = order "OMN-46762"
  second.LastChangeDateTime = "/Date(1763777648000+0000)/"
  two_pieces { json = { d = { results = { second } } } }
  test.eq(#test.ledger(), 2)
  test.eq(omnitron.recall "sap", "/Date(1763777048000+0000)/")
end)

test("a piece that cannot be read leaves the cursor where it was", function()
  test.raises(function() two_pieces { status = 404 } end, "404")
  test.eq(#test.ledger(), 1)
  test.eq(omnitron.recall "sap", nil)
end)

test("an order of which items are missing fails", function()
  local some = order "OMN-46761"
  some.to_Item.__next = "A_SalesOrder('12001')/to_Item?$skiptoken=2"
  local failed = test.rule(rule, some).failed
  test.ok(failed:find("SAP did not give all items of the order", 1, true))
end)
