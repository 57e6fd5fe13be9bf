-- tries: the handler of an error loops, in which Lua listens to nobody
-- exit: 143
-- signal: TERM 1
-- says: case\.lua:\d+ did not come back within 5 s of SIGTERM
xpcall(error, function() end)
local function again()
  return xpcall(error, function() while true do end end)
end
xpcall(function()
  while true do pcall(again) end
end, again)
