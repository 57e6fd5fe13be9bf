-- tries: the same past a deadline
-- exit: 5
-- options: --deadline 1s
-- says: case\.lua:\d+ did not come back within a second of its deadline
while true do
  pcall(function() while true do end end)
end
