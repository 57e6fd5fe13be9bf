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
  test.eq(omnitron.recall "sap", 1763777647)
  dofile(here "release.lua")
  local asked = test.requests()
  test.eq(asked[1].query["$filter"],
    "LastChangeDateTime ge datetimeoffset'2025-01-01T00:00:00Z'")
  test.eq(asked[2].query["$filter"],
    "LastChangeDateTime ge datetimeoffset'2025-11-22T02:14:07Z'")
  test.eq(#test.ledger(), 3, "nothing is sent twice")
end)
