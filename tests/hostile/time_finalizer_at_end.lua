-- tries: a finalizer that loops when all is over
-- exit: 1
-- profile: run_away = "1s",
-- says: case\.lua:\d+ did not come back
local late = setmetatable({}, { __gc = function()
  while true do
  end
end })
_G.kept = late
