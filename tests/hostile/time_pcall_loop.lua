-- tries: holds the error that ends it, in a loop in a loop, past a signal
-- exit: 143
-- signal: TERM 1
-- says: the run was ended: case\.lua:\d+ did not come back within a second of SIGTERM
local function f(n)
  while true do
    pcall(n > 0 and f or function() while true do end end, n - 1)
  end
end
f(150)
