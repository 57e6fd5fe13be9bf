-- tries: json.encode and decode of what is deep and wide
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local deep = ("["):rep(900) .. ("]"):rep(900)
local wide = {}
for i = 1, 100000 do wide[i] = i end
while true do pcall(json.decode, deep) pcall(json.decode, pcall(json.encode, wide)) pcall(json.encode, wide) end
