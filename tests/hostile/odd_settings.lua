-- tries: to change settings, omnitron, json.null, arg and the tables of the library, and to read what is not there
-- exit: 0 1 3
-- profile: settings = { a = 1, b = { c = 2 } }
for _, t in ipairs { settings, settings.b, omnitron, http, json, csv, fs, time, log, arg } do
  pcall(function() t.x = 1 end)
  pcall(rawset, t, "get", nil)
  pcall(setmetatable, t, { __index = error, __gc = error, __close = error, __mode = "k" })
  pcall(function() return t.nothing end)
end
pcall(function() settings = nil omnitron.release = nil json.null = 1 end)
print(pcall(omnitron.get, "/api/i1/orders/"))
print(pcall(omnitron.release_all, csv.rows(here "lines.csv"), function(row) return nil, "x" end))
