-- tries: a finalizer that does not end
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
setmetatable({}, { __gc = function() while true do end end })
while true do collectgarbage() end
