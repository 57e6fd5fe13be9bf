-- tries: load with a reader that never ends, of a text that nests
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
pcall(load, function() return "x = 1 " end)
while true do load(("("):rep(150) .. "1" .. (")"):rep(150)) load("return " .. ("{"):rep(100)) end
