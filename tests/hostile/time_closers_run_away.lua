-- tries: an error with 1,000 tasks whose __close loops
-- exit: 1
-- profile: run_away = "1s",
-- says: case\.lua:\d+: the script worked for 1\.0 s without waiting once|case\.lua:\d+ did not come back
local rows = {}
for i = 1, 1000 do
  rows[i] = i
end
omnitron.each(rows, function(i)
  local open <close> = setmetatable({}, { __close = function()
    while true do
      pcall(function() while true do end end)
    end
  end })
  if i < 1000 then
    sleep(3600)
  end
end, { at_once = 1000 })
