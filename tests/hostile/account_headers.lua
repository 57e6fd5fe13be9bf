-- tries: 30 request headers of 256 KiB, which are copied
-- profile: memory = "16M",
-- exit: 0
-- says: toolarge\s
-- sent: 0
local h = {}
for i = 1, 30 do h["x-" .. i] = ("x"):rep(1 << 18) end
print(select(3, http.get(arg[1] .. "/x", { headers = h })), "")
