-- tries: to remember a text of half the memory, again and again
-- profile: memory = "16M",
-- exit: 0 1
-- sent: 0
local text = ("x"):rep(6 << 20)
for i = 1, 5 do print(pcall(omnitron.remember, "key " .. i, text .. i)) end
