-- tries: loops in pcall in loops in pcall: each catches the error that ends it
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local function f() while true do pcall(function() while true do end end) end end
while true do pcall(f) end
