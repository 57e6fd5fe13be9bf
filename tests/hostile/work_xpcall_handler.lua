-- tries: a message handler that loops when the loop is ended
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local function forever() while true do end end
while true do xpcall(forever, forever) end
