test("a stream is left open", function()
  local erp = test.serve { ["GET /a"] = { body = ("line\n"):rep(500000) } }
  kept = http.lines(erp .. "/a")
end)

test("a stream is closed", function()
  local erp = test.serve { ["GET /a"] = { body = ("line\n"):rep(500000) } }
  for line in http.lines(erp .. "/a") do
    break
  end
end)

test("a loop without an end", function()
  while true do end
end)
