-- tries: table.move, unpack, concat, insert and remove over huge ranges
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local t = setmetatable({}, { __index = function() return 1 end, __newindex = function() end, __len = function() return 1 << 40 end })
pcall(table.move, t, 1, 1 << 50, 2)
pcall(table.concat, t, "", 1, 1 << 50)
pcall(table.insert, t, 1, 1)
pcall(table.remove, t, 1)
while true do pcall(table.unpack, t, 1, 1 << 20) end
