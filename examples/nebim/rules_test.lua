local RUN = "POST /(S(c0ffee))/IntegratorService/RunProc"

local function run(session, reply)
  settings.nebim = test.serve {
    ["POST /IntegratorService/Connect"] = "erp/" .. session,
    [RUN] = "erp/" .. reply,
  }
  dofile(here "release.lua")
end

test("the lines of completed orders are released", function()
  run("session.json", "orders.json")
  local items = {}
  for i, entry in ipairs(test.ledger()) do items[i] = entry.order_item_id end
  test.eq(items, { 46761, 46762, 46764 })
  test.eq(test.ledger()[3].code, "7d2f4c1e-0b1a-4f7e-9a51-2f60c5b1a004")
end)

test("an exception under 200", function()
  test.raises(function() run("session.json", "exception.json") end,
    "Nebim: The session has expired")
  test.eq(test.ledger(), {})
end)

test("wrong credentials are a success without a session", function()
  test.raises(function() run("no_session.json", "orders.json") end,
    "look at login in profile.lua")
  test.eq(#test.requests(), 1)
end)
