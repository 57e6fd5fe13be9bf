-- tries: 100,000 tasks and timers at once, each asleep
-- exit: 0 1 3 5
-- bound: 60
-- options: --deadline 2s
-- profile: memory = "64M"
local n = 0
print(pcall(omnitron.each, function() n = n + 1 return n < 100000 and n or nil end,
  function() sleep(1000) end, { at_once = 1000 }))
