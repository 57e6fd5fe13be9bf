local function run(file)
  settings.odoo = test.serve { ["POST /jsonrpc"] = "erp/" .. file }
  dofile(here "release.lua")
end

test("confirmed lines are released", function()
  run "lines.json"
  local codes = {}
  for i, entry in ipairs(test.ledger()) do codes[i] = entry.code end
  test.eq(codes, { "sale.order.line,5701", "sale.order.line,5702",
    "sale.order.line,5705" })
end)

test("the cursor stays before what is not confirmed", function()
  run "lines.json"
  test.eq(omnitron.recall "odoo", "2025-11-22 02:12:30")
  run "lines.json"
  local domain = test.requests()[2].json.params.args[6][1]
  test.eq(domain[2], { "write_date", ">=", "2025-11-22 02:12:30" })
  test.eq(#test.ledger(), 3, "nothing is sent twice")
end)

test("the cursor stays some minutes behind the last line", function()
  settings.odoo = test.serve { ["POST /jsonrpc"] = { json = { result = { {
    id = 5701, x_omnitron_item = 46761, state = "sale",
    order_id = { 310, "S00310" }, write_date = "2025-11-22 00:05:00" } } } } }
  dofile(here "release.lua")
  test.eq(omnitron.recall "odoo", "2025-11-21 23:55:00")
end)

test("an error under 200 ends the run, and the cursor stays", function()
  test.raises(function() run "denied.json" end, "Odoo: Access Denied")
  test.eq(omnitron.recall "odoo", nil)
end)

test("a page instead of JSON", function()
  settings.odoo = test.serve { ["POST /jsonrpc"] = {
    headers = { ["Content-Type"] = "text/html" },
    body = "<!DOCTYPE html><title>Odoo | Maintenance</title>" } }
  test.raises(function() dofile(here "release.lua") end, "text/html")
end)
