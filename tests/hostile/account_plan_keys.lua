-- tries: to remember 300,000 keys in a plan
-- command: plan
-- profile: memory = "16M",
-- exit: 1
-- says: out of memory
-- sent: 0
for i = 1, 300000 do omnitron.remember("key " .. i, "value") end
