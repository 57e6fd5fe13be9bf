-- tries: tasks that wake one another without end
-- exit: 143
-- signal: TERM 1
-- never: it came back
local rows = {}
for i = 1, 100 do
  rows[i] = i
end
omnitron.each(rows, function()
  while true do
    pcall(sleep, 0)
  end
end, { at_once = 100 })
error("it came back")
