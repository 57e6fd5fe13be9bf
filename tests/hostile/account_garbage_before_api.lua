-- tries: garbage up to the bound, and then a question to the API
-- profile: memory = "16M",
-- exit: 0
-- says: answered\s
collectgarbage("stop")
local most, i = 16 * 1024 - 60, 0
while collectgarbage("count") < most do
  i = i + 1
  local _ = ("x"):rep(4000) .. i
end
assert(omnitron.get("/api/i1/orders/", { limit = 1 }))
print("answered", "")
