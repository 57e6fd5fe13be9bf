-- tries: __index, __eq, __lt, __concat, __len and __call that call themselves
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local m = {}
local t = setmetatable({}, m)
m.__index = function(_, k) while true do local _ = t < t end end
m.__lt = function() return pcall(function() return t .. t end) end
m.__concat = function() return #t end
m.__len = function() return 1 end
while true do pcall(function() return t.x end) end
