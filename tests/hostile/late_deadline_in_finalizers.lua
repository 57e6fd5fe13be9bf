-- tries: to stay alive after the deadline by finalizers and closers that begin loops
-- exit: 1 5
-- bound: 25
-- options: --deadline 1s
-- profile: run_away = "300ms"
local function again()
  setmetatable({}, { __gc = function() again() for _ = 1, 1e7 do end end })
end
for _ = 1, 10 do again() end
while true do
  local _ <close> = setmetatable({}, { __close = function() while true do collectgarbage("step") end end })
  sleep(0.01)
end
