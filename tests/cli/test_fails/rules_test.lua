local rule = require "rules"

test("differences # by path", function()
  local got = { head = { id = 10 }, lines = { { code = "SO-1/10", n = 1 },
    { code = "SO-1/20" } } }
  test.eq(got, { head = { id = 10 }, lines = { { code = "SO-1/11", n = 1 },
    { code = "SO-1/20", more = true } } })
end)

test("a lookup that misses", function()
  test.eq(test.rule(rule, { item = 1, doc = "A" }), { skipped = "no" })
end)

test("no error", function()
  test.raises(function() end, "bad")
end)

test("another error", function()
  test.raises(function() error "worse" end, "bad")
end)

test("an error in what it calls", function()
  rule { item = 1 }
end)

test("nothing there", function()
  test.ok(nil, "the mapping")
end)

test("a reply that is missing", function()
  local erp = test.serve { ["GET /a"] = { { body = "1" } } }
  http.get(erp .. "/a")
  http.get(erp .. "/a?x=1")
  http.post(erp .. "/b")
end)

test("a file that is missing", function()
  test.serve { ["GET /a"] = "nowhere.json" }
end)

test("an option that is none", function()
  test.mock { falt = "x" }
end)

test("long texts differ in the middle", function()
  test.eq(("x"):rep(500) .. "a", ("x"):rep(500) .. "b", "the text")
end)

test("passes", function() print "to stderr" end)
