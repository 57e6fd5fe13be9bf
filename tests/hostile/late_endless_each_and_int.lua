-- tries: endless rows of each, none of which waits, and SIGINT; then more of it
-- exit: 130
-- signal: INT 1
-- bound: 20
local n = 0
while true do
  pcall(omnitron.each, function() n = n + 1 return n end, function() return true end)
end
