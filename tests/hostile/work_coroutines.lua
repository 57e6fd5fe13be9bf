-- tries: coroutines in coroutines, each of which loops
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local function loop() while true do coroutine.wrap(function() for _ = 1, 1000 do end coroutine.yield() end)() end end
while true do pcall(coroutine.wrap(loop)) end
