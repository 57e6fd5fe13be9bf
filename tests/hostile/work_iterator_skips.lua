-- tries: an iterator of endless rows, each of which is skipped, past the deadline
-- exit: 5
-- options: --deadline 1s
-- bound: 40
-- never: failed
local n = 0
omnitron.release_all(function() n = n + 1 return n end, function() return nil, "never" end)
