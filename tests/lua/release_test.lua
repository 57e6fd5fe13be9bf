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

-- Where the cursor goes for these `at`, of which the row `again` waits.
local function cursor_of(list, overlap, again)
  omnitron.remember("c", "stays")
  omnitron.release_all(list, function(at)
    if at == again then return nil, "waits", "later" end
    return nil, "seen"
  end, { cursor = "c", overlap = overlap, at = function(at)
    if at == "raises" then error "no such field" end
    if at ~= "nil" then return at end
  end })
  return omnitron.recall "c"
end

test("digits are compared as numbers", function()
  test.eq(cursor_of { "999", "1000" }, "1000")
  test.eq(cursor_of { "1000", "999", "0" }, "1000")
  test.eq(cursor_of({ "1000", "999" }, nil, "999"), "999")
  test.eq(cursor_of { "0999", "1000" }, "1000")
  test.eq(cursor_of { "-10", "-9" }, "-9")
  test.eq(cursor_of({ "-9", "-10", "3" }, nil, "-10"), "-10")
  test.eq(cursor_of { "10.5", "9.75", "10.45" }, "10.5")
  test.eq(cursor_of { "10.50", "10.500" }, "10.50")
  test.eq(cursor_of({ "1", "-0", "0" }, nil, "-0"), "-0")
  test.eq(cursor_of { "18446744073709551616", "9223372036854775807" },
    "18446744073709551616")
  test.eq(cursor_of { "0x7D1", "0x00000000000007D2", "0x9" },
    "0x00000000000007D2")
  test.eq(cursor_of { 2, 10.5, 10 }, 10.5)
end)

test("times are compared as moments, and kept as they came", function()
  local half = "2025-11-22T10:00:00.5Z"
  test.eq(cursor_of { "2025-11-22T10:00:00Z", half }, half)
  test.eq(cursor_of({ half, "2025-11-22T10:00:00Z" }, nil,
    "2025-11-22T10:00:00Z"), "2025-11-22T10:00:00Z")
  test.eq(cursor_of { "2025-11-22T02:59:00+02:00",
    "2025-11-22T02:00:00+01:00" }, "2025-11-22T02:00:00+01:00")
  test.eq(cursor_of { "/Date(999999999999)/", "/Date(1000000000000+0180)/" },
    "/Date(1000000000000+0180)/")
  test.eq(cursor_of { "2025-11-22 09:00", "2025-11-22 09:00:01" },
    "2025-11-22 09:00:01")
  test.eq(cursor_of { "20251122T021407Z", "20251122T021406Z" },
    "20251122T021407Z")
  test.eq(cursor_of { "2025-11-22", "2025-12-01" }, "2025-12-01")
end)

test("the cursor does not go into the future", function()
  test.eq(cursor_of { "2025-11-22", "9999-12-31" }, "2025-11-22")
  test.eq(cursor_of { "9999-12-31" }, "stays")
  test.eq(cursor_of({ "2025-11-22 10:00", "9999-12-31 00:00" }, "10m",
    "9999-12-31 00:00"), "2025-11-22 09:50")
  test.eq(cursor_of({ "20251122", "99991231" }, "1d"), "20251121")
  test.eq(cursor_of({ "20251122", "99991231" }), "99991231", "a number")
  local tomorrow = time.text(os.time() + 80000)
  test.eq(cursor_of { "2025-11-22T10:00Z", tomorrow }, tomorrow)
end)

test("what cannot be put in order keeps the cursor", function()
  for _, list in ipairs { { "10", "" }, { "", "10" }, { "" }, { "10", "nil" },
      { "10", "raises" }, { 10, "10" }, { 0 / 0 }, { 1, 1 / 0 }, { "SO-12" },
      { "22.11.2025" }, { "1", "2025-11-22" }, { "10,5" }, { {} },
      { "2025-11-22", "2025-11-22 10:00" }, { " 10" }, { "10:00:00" },
      { "2025-11-22 10:00", "2025-11-22T10:00Z" }, { "1e5" }, { "10", "0x10" },
      { "2025-02-30" } } do
    test.eq(cursor_of(list), "stays", tostring(list[1]))
  end
end)

test("an overlap is taken from the largest, in its own form", function()
  for _, case in ipairs { { 1000, 50, 950 }, { 1000, 0.5, 999.5 },
      { 10, 50, 0 }, { -10, 50, -60 }, { math.mininteger, 1, math.mininteger },
      { "1000", 5, "0995" }, { "10", 50, "00" }, { "0100.5", 1, "0099.5" },
      { "100000000000000000000", 1, "099999999999999999999" },
      { "0x0007D1", 210, "0x0006FF" }, { "1000", 0, "1000" },
      { "2025-11-22 00:05:00", "10m", "2025-11-21 23:55:00" },
      { "2025-11-22T00:05:00.25+03:00", "10m", "2025-11-21T23:55:00.25+03:00" },
      { "2025-03-01", "1s", "2025-02-28" },
      { "2025-11-22 00:05", "30s", "2025-11-22 00:04" },
      { "2025-11-22 00:05:00", 600, "2025-11-21 23:55:00" },
      { "2025-11-22 00:05:00", "500ms", "2025-11-22 00:04:59" },
      { "/Date(1763777647123+0180)/", "10m", "/Date(1763777047123+0180)/" },
      { "20251122000500", "10m", "20251121235500" },
      { "20251122T000500Z", "10m", "20251121T235500Z" },
      { "20251122", "1d", "20251121" } } do
    local at, overlap, want = table.unpack(case)
    test.eq(cursor_of({ at }, overlap), want, at .. " less " .. overlap)
  end
end)

test("an overlap that is none of this kind keeps the cursor", function()
  for _, case in ipairs { { 1000, "10m" }, { "1000", "10m" },
      { "0x3E8", "10m" }, { "-5", 1 }, { "1000", 0.5 }, { "0001-01-01", "1d" },
      { "20251122000500", 600 }, { "1e3", "1s" } } do
    test.eq(cursor_of({ case[1] }, case[2]), "stays", tostring(case[1]))
  end
end)

test("a row that waits, and one that is committed late, are read again",
  function()
    local rows = { "2025-11-22 02:00:00", "2025-11-22 02:30:00" }
    test.eq(cursor_of(rows, "10m", rows[1]), "2025-11-22 02:00:00")
    test.eq(cursor_of(rows, "10m", rows[2]), "2025-11-22 02:20:00")
    local table_, late = { "2025-11-22 02:30:00" }, "2025-11-22 02:25:00"
    local function since(at)
      local found = {}
      for _, row in ipairs(table_) do
        if row >= at then found[#found + 1] = row end
      end
      return found
    end
    local cursor = cursor_of(since "", "10m")
    table_[2] = late
    test.eq(since(cursor), { "2025-11-22 02:30:00", late })
    test.eq(cursor_of(since(cursor), "10m"), cursor, "it does not drift")
  end)

test("options of a cursor", function()
  local function wrong(options, why)
    test.raises(function()
      omnitron.release_all({}, print, options)
    end, why)
  end
  for _, overlap in ipairs { "10", "", "m", "-1s", -1, 0 / 0, 1 / 0, {}, true } do
    wrong({ cursor = "c", at = print, overlap = overlap },
      "^release_test.lua:%d+: bad argument to release_all: overlap must be a")
  end
  wrong({ overlap = 1 }, "overlap belongs to a cursor")
  wrong({ at = print }, "cursor and at belong together")
end)

-- Whatever ends the rows but nil alone, release_all does not come back: nothing
-- is complete that was not read to its end.
test("rows that break off are not complete", function()
  local n, back = 0, nil
  local function broken(rows, why)
    n = 0
    test.raises(function()
      back = omnitron.release_all(rows, function(row)
        n = n + 1
        return { order_item_id = row, code = "A/" .. row }
      end, { cursor = "c", at = function(row) return row end })
    end, why)
    test.eq({ back, omnitron.recall "c" }, {})
    test.eq(#test.ledger(), n, "what was read is done")
    test.mock {}
    return n
  end
  local function after(list, ...)
    local i, ending = 0, table.pack(...)
    return function()
      i = i + 1
      if list[i] then return list[i] end
      return table.unpack(ending, 1, ending.n)
    end
  end
  test.eq(broken(coroutine.wrap(function()
    coroutine.yield(11)
    error "the ERP is gone"
  end), "the ERP is gone"), 1)
  test.eq(broken(after({ 21, 22 }, nil, "timed out", "timeout"),
    "^the rows ended with an error behind row 2: timed out"), 2)
  test.eq(broken(after({}, nil, "no such table"),
    "before the first: no such table"), 0)
  test.eq(broken(after({ 31 }, false), "row 2 is false"), 1)
  test.eq(broken({ 41, nil, 43 }, "a list with holes"), 0)
end)

test("rows that end by nil alone are complete", function()
  local function whole(rows, wanted)
    local s = omnitron.release_all(rows, function() return nil, "seen" end)
    test.eq({ s.rows, s.complete }, { wanted, true })
  end
  whole({}, 0)
  whole(json.decode "[]", 0)
  whole(function() end, 0)
  whole(coroutine.wrap(function() coroutine.yield(1) end), 1)
  local i = 0
  whole(function() i = i + 1 return ({ 5, 6 })[i], i end, 2)
  local object = setmetatable({ left = 2 }, { __call = function(self)
    self.left = self.left - 1
    return self.left >= 0 and self.left or nil
  end })
  whole(object, 2)
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

test("an error of the option item is told, and each has none", function()
  local function wait() return nil, "not yet", "later" end
  local summary = omnitron.release_all({ {} }, wait,
    { item = function(row) return row.order.item end })
  test.eq({ summary.failed, summary.later, summary.safe }, { 1, 0, false })
  test.ok(summary.problems[1].message:find "`item` failed: ", "who failed")
  test.raises(function() omnitron.each({ {} }, wait, { item = "item" }) end,
    "item is release_all's")
end)

test("rows that wait are all told before the summary is given", function()
  local rows = {}
  for i = 1, 2500 do
    rows[i] = { item = i, code = "SO-" .. i }
  end
  for _, most in ipairs { 1000, 2000, 2500 } do
    local given = table.move(rows, 1, most, 1, {})
    local summary = omnitron.release_all(given, function(row)
      return nil, "not booked yet", "later"
    end, { item = "item" })
    test.eq({ summary.rows, summary.later, summary.safe },
      { most, most, false })
  end
end)
