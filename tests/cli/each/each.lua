local seen = {}
local summary = omnitron.each({ "a", "b", "c", "d" }, function(text, n)
  sleep(0.01)
  seen[n] = text
  if text == "b" then error("b is bad") end
  if text == "c" then return nil, "not yet" end
  return true
end, { at_once = 1 })
print(table.concat(seen))
for _, key in ipairs { "rows", "released", "later", "failed", "complete",
  "safe" } do
  print(key, summary[key])
end
for _, p in ipairs(summary.problems) do
  print(p.row, p.at, p.name, p.what, p.message)
end
