local rule = dofile(here "rules.lua")

test("the 14 lines of the sample", function()
  local got = {}
  local rows = csv.rows { path = here "lines.csv", encoding = "windows-1254" }
  omnitron.release_all(rows, function(row, n)
    local what = test.rule(rule, row)
    got[n] = what.code or what.later or what.skipped or "invalid"
    return nil, "only looked at"
  end)
  test.eq(table.concat(got, " ", 1, 4), "SO-1201/10 SO-1201/20 SO-1201/20 "
    .. "SO-1202/10")
  test.eq(got[5], "not booked yet")
  test.eq(got[11], "invalid")
  test.eq(got[13], "gift wrap, not in the ERP")
end)

test("consignment stock is kept", function()
  test.eq(test.rule(rule, { order = "1", item = "46764", note = "konsinye",
      erp_doc = "SO-1202", erp_line = "10" }),
    { order_item_id = 46764, code = "SO-1202/10", update_stock = false })
end)

test("a file that is named is released, and stays where it is", function()
  arg[1] = here "lines.csv"
  dofile(here "release.lua")
  test.eq(#test.ledger(), 10)
  test.ok(io.open(here "lines.csv")):close()
end)
