-- tries: 1,000 tasks, each with a __close that loops and holds errors
-- exit: 143
-- signal: TERM 1
-- says: did not come back
local rows = {}
for i = 1, 1000 do
  rows[i] = i
end
omnitron.each(rows, function()
  local open <close> = setmetatable({}, { __close = function()
    while true do
      pcall(function() while true do end end)
    end
  end })
  sleep(3600)
end, { at_once = 1000 })
