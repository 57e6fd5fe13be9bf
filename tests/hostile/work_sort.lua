-- tries: sort with an order that is none, of a list that grows
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local t = {}
for i = 1, 200000 do t[i] = i % 7 end
while true do pcall(table.sort, t, function(a, b) return a <= b or nil end) pcall(table.sort, t) end
