-- tries: handlers of errors that loop, and coroutines in them
-- exit: 1
-- profile: run_away = "1s",
-- says: case\.lua:\d+: the script worked for 1\.0 s without waiting once|case\.lua:\d+ did not come back
local function handler()
  while true do
    pcall(function() while true do end end)
  end
end
coroutine.wrap(function()
  while true do
    xpcall(function() while true do end end, handler)
  end
end)()
