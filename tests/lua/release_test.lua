require "collector"

local function rule(row)
  if row.skip then return nil, row.skip end
  if row.wait then return nil, row.wait, "later" end
  return { order_item_id = row.item, code = row.code }
end

test("one release, and again", function()
  local mapping = test.ok(omnitron.release { order_item_id = 46761,
    code = "SO-1/10" })
  test.eq(mapping.object_id, 46761)
  test.eq(mapping.already, false)
  test.eq(omnitron.release({ order_item_id = "46761", code = "SO-1/10" })
    .already, true)
  test.eq(test.ledger(), { { order_item_id = 46761, code = "SO-1/10",
    update_stock = true, applied = true, status = 201 } })
  test.eq(omnitron.known(46761), { code = "SO-1/10", state = "confirmed",
    update_stock = true })
end)

test("every test has an Omnitron and a journal of its own", function()
  test.eq(test.ledger(), {})
  test.eq(omnitron.known(46761), nil)
end)

test("the world's no is nil, a message and a word", function()
  local got, message, kind = omnitron.release { order_item_id = 99999,
    code = "A" }
  test.eq({ got, kind }, { nil, "rejected" })
  test.ok(message:find "404", "404 in the message")
  omnitron.release { order_item_id = 1, code = "A" }
  test.eq(select(3, omnitron.release { order_item_id = 1, code = "B" }),
    "conflict")
end)

test("the caller's mistake raises", function()
  test.raises(function()
    omnitron.release { order_item_id = 1, cod = "A" }
  end, 'a release has no field "cod"')
  test.raises(function()
    omnitron.release { order_item_id = "046761", code = "A" }
  end, "order_item_id")
  test.eq(test.ledger(), {})
end)

test("the sums of release_all", function()
  local s = omnitron.release_all({ { item = 1, code = "A" },
    { item = 2, code = "B" }, { skip = "gift" }, { wait = "not booked" },
    { item = 0, code = "C" }, { item = 99999, code = "D" } }, rule)
  test.eq({ s.rows, s.released, s.skipped, s.later, s.invalid, s.failed },
    { 6, 3, 1, 1, 1, 0 })
  test.eq({ s.releases, s.confirmed, s.rejected }, { 3, 2, 1 })
  test.eq({ s.complete, s.safe }, { true, false })
  test.eq(#test.ledger(), 3)
end)

test("a row that fails leaves the others alone", function()
  local s = omnitron.release_all({ 1, 2, 3 }, function(n)
    local code
    if n ~= 2 then code = n end
    return { order_item_id = n, code = "A/" .. code }
  end)
  test.eq({ s.released, s.failed }, { 2, 1 })
  test.ok(s.problems[1].message:find "^release_test.lua:%d+: ")
end)

test("one row, several releases", function()
  local s = omnitron.release_all({ 1 }, function()
    return { { order_item_id = 1, code = "A" }, { order_item_id = 2,
      code = "A" } }
  end)
  test.eq({ s.rows, s.releases, s.confirmed }, { 1, 2, 2 })
end)

test("rules wait, and rows overtake", function()
  local order = {}
  omnitron.release_all({ 30, 10, 20 }, function(n)
    sleep(n)
    order[#order + 1] = n
    return nil, "no"
  end)
  test.eq(order, { 10, 20, 30 })
end)

test("a generator feeds rows and waits meanwhile", function()
  local s = omnitron.release_all(coroutine.wrap(function()
    for n = 1, 20 do
      sleep(1)
      coroutine.yield { item = n, code = "A/" .. n }
    end
  end), rule)
  test.eq({ s.rows, s.confirmed, s.safe }, { 20, 20, true })
end)

test("the cursor moves when all is done, and not past what waits", function()
  local rows = { { item = 1, code = "A", at = 5 }, { wait = "w", at = 7 },
    { item = 2, code = "B", at = 9 } }
  local options = { cursor = "erp", at = function(row) return row.at end }
  omnitron.release_all(rows, rule, options)
  test.eq(omnitron.recall "erp", 7)
  rows[2].wait, rows[2].skip = nil, "gone"
  omnitron.release_all(rows, rule, options)
  test.eq(omnitron.recall "erp", 9)
end)

test("each counts errors and what comes later", function()
  local s = omnitron.each({ 1, 2, 3 }, function(n)
    if n == 2 then return nil, "not yet" end
    if n == 3 then error "bad" end
    return true
  end)
  test.eq({ s.rows, s.released, s.later, s.failed }, { 3, 1, 1, 1 })
end)

test("what was lost on its way is unknown, and stays so", function()
  test.mock { fault = "drop-after@46761" }
  test.eq(select(3, omnitron.release { order_item_id = 46761, code = "A" }),
    "unknown")
  test.eq(omnitron.known(46761).state, "unknown")
  test.eq(#test.ledger(), 1)
  test.ok(test.ledger()[1].applied)
end)

test("a 429 is tried again after its Retry-After", function()
  test.mock { fault = "status:429@46761*2" }
  test.ok(omnitron.release { order_item_id = 46761, code = "A" })
  test.eq(#test.ledger(), 3)
  test.ok(test.time() > 0, "time that went by")
end)

test("an outage keeps the release", function()
  test.mock { outage = "503" }
  local _, message, kind = omnitron.release { order_item_id = 1, code = "A" }
  test.eq(kind, "pending", message)
  test.eq(test.ledger(), {})
end)

test("another mock takes the place of one that was used", function()
  test.ok(omnitron.release { order_item_id = 1, code = "A" })
  for n = 2, 5 do
    test.mock { fault = "status:410@99" }
    test.eq(test.ledger(), {})
    test.ok(omnitron.release { order_item_id = n, code = "A" })
    test.eq(#test.ledger(), 1)
  end
end)

test("an `at` that gives texts and numbers loses the cursor alone", function()
  local s = omnitron.release_all({ 1, 2, 3 }, function(n)
    return { order_item_id = n, code = "A/" .. n }
  end, { cursor = "place", at = function(n)
    return n == 2 and "two" or n
  end })
  test.eq({ s.confirmed, s.safe }, { 3, true })
  test.eq(omnitron.recall "place", nil)
end)

test("what is no list of rows is refused, and not read as an empty one",
  function()
    local function skip() return nil, "no" end
    test.raises(function() omnitron.release_all({ value = { {} } }, skip) end,
      'rows is no list, it has a field "value"')
    test.raises(function() omnitron.release_all({ {}, nil, {} }, skip) end,
      "rows is a list with holes, 2 of 3 are there")
    test.raises(function() omnitron.each({ [0] = 1 }, skip) end, "is no list")
    test.eq(omnitron.release_all({}, skip).safe, true)
  end)

test("options have their types", function()
  local function skip() return nil, "no" end
  for key, value in pairs { name = "column", at = "column", cursor = 5,
    item = true } do
    test.raises(function()
      omnitron.release_all({ {} }, skip, { [key] = value })
    end, key .. " must be a ")
  end
end)

test("a reason is a text, or nobody looks at the row again", function()
  for _, reason in ipairs { {}, false, print } do
    local summary = omnitron.release_all({ {} }, function()
      return nil, reason
    end)
    test.eq({ summary.failed, summary.skipped }, { 1, 0 })
  end
end)

test("a list of releases has nothing beside them", function()
  local function first() return { order_item_id = 46761, code = "A/1" } end
  for _, list in ipairs {
    { first(), code = "B/1" },
    { first(), [3] = { order_item_id = 46762, code = "A/2" } },
  } do
    local summary = omnitron.release_all({ {} }, function() return list end)
    test.eq(summary.invalid, 1)
    test.eq(summary.confirmed, 0)
  end
end)

test("a pattern with braces fits nothing, and says so", function()
  test.raises(function() fs.list(here "data", "*.{csv,txt}") end, "braces")
end)
