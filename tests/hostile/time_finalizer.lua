-- tries: a finalizer that loops, past a signal
-- exit: 143
-- signal: TERM 1
-- says: case\.lua:\d+ did not come back within 5 s of SIGTERM
setmetatable({}, { __gc = function()
  while true do
  end
end })
collectgarbage()
