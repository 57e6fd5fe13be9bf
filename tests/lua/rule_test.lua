require "collector"

local row = { item = "46761" }

local function gives(...)
  local results = table.pack(...)
  return test.rule(function()
    return table.unpack(results, 1, results.n)
  end, row)
end

test("a release, as it would be sent", function()
  test.eq(gives { order_item_id = "46761", code = "A" },
    { order_item_id = 46761, code = "A", update_stock = true })
  test.eq(gives { order_item_id = 46761, code = "A", update_stock = false },
    { order_item_id = 46761, code = "A", update_stock = false })
end)

test("a list of releases", function()
  test.eq(gives { { order_item_id = 1, code = "A" },
    { order_item_id = 2, code = "A" } },
    { { order_item_id = 1, code = "A", update_stock = true },
      { order_item_id = 2, code = "A", update_stock = true } })
end)

test("never, and not yet", function()
  test.eq(gives(nil, "gift"), { skipped = "gift" })
  test.eq(gives(nil, "not booked", "later"), { later = "not booked" })
end)

test("nothing, and what is none", function()
  test.ok(gives().failed:find "returned nothing")
  test.ok(gives(true).failed:find "returned a boolean")
  test.ok(gives({}).failed:find "empty list")
  test.ok(gives(nil, "x", "soon").failed:find "soon")
end)

test("an error, with its place", function()
  local got = test.rule(function(r) return r.nothing.at_all end, row)
  test.ok(got.failed:find "^rule_test.lua:%d+: ")
end)

test("what is not valid", function()
  test.ok(gives { order_item_id = 0, code = "A" }.invalid)
  test.ok(gives { order_item_id = 1, code = " A" }.invalid)
  test.ok(gives { order_item_id = 1, code = "1,23E+11" }.invalid)
  test.ok(gives { { order_item_id = 1, code = "A" }, { order_item_id = 2 } }
    .invalid)
end)

test("a rule may wait, and ask", function()
  local erp = test.serve { ["GET /lines/10"] = { json = { booked = true } } }
  local got = test.rule(function(r)
    sleep(5)
    local line = http.get(erp .. "/lines/10"):json()
    return { order_item_id = r.item, code = line.booked and "B" or "N" }
  end, row)
  test.eq(got.code, "B")
  test.eq(test.ledger(), {})
end)
