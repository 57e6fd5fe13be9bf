local rule = dofile(here "rules.lua")

local function line(changes)
  local row = { erp_doc = "SO-1", erp_line = "10", items = "1 2 3",
    qty = "3,00", warehouse = "IST" }
  for name, value in pairs(changes) do row[name] = value end
  return row
end

test("three items of one line have its code", function()
  local releases = test.rule(rule, line {})
  test.eq(#releases, 3)
  test.eq(releases[3],
    { order_item_id = 3, code = "SO-1/10", update_stock = true })
end)

test("the stock of a partner's shop is kept", function()
  local releases = test.rule(rule, line { warehouse = "P07" })
  test.eq(releases[1].update_stock, false)
end)

test("a warehouse that is not in the table", function()
  test.ok(test.rule(rule, line { warehouse = "ANK" }).failed
    :find("warehouses.csv has no code 'ANK'", 1, true))
end)

test("as many items as pieces", function()
  test.ok(test.rule(rule, line { qty = "2,00" }).failed
    :find("SO-1/10 has 2,00 pieces and 3 items", 1, true))
end)
