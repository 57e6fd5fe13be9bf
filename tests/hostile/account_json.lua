-- tries: json whose text fits, and not what is made of it
-- profile: memory = "16M",
-- exit: 0
-- says: false\s+.*not enough memory
-- sent: 0
local text = "[" .. ("{},"):rep(1000000) .. "{}]"
print(pcall(json.decode, text))
local t = {}
for i = 1, 20000 do t[i] = ("\1"):rep(100) end
print(pcall(json.encode, t))
