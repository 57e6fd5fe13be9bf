-- tries: a pattern that tries every possibility
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local s = ("a"):rep(60)
while true do s:find(("a*"):rep(30) .. "b") end
