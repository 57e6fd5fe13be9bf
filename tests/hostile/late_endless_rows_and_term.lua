-- tries: endless rows, all skipped, and SIGTERM
-- exit: 143
-- signal: TERM 1
-- bound: 20
local n = 0
omnitron.release_all(function() n = n + 1 return n end, function() return nil, "never" end)
