-- The rule's tests: `omnitron test` runs them. Each begins afresh, with an
-- Omnitron that is only played.
local rule = require "rules"

local function line(changes)
  local row = { item = "46761", erp_doc = "SO-1201", erp_line = "10",
    stock = "own" }
  for name, value in pairs(changes or {}) do row[name] = value end
  return row
end

test("the code is the document and its line", function()
  test.eq(test.rule(rule, line()),
    { order_item_id = 46761, code = "SO-1201/10", update_stock = true })
end)

test("consignment stock is kept", function()
  test.eq(test.rule(rule, line { stock = "consignment" }).update_stock, false)
end)

test("what is not booked waits", function()
  test.eq(test.rule(rule, line { erp_doc = "" }), { later = "not booked yet" })
end)
