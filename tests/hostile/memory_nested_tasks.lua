-- tries: tasks that begin tasks that begin tasks, without an end
-- exit: 1 3 5
-- bound: 60
-- options: --deadline 3s
-- profile: memory = "32M"
local function more()
  omnitron.each({ 1, 2, 3, 4, 5, 6, 7, 8 }, function() more() end, { at_once = 8 })
end
print(pcall(more))
sleep(100)
