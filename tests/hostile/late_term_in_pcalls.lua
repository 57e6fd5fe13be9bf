-- tries: to stay alive after SIGTERM by loops that catch everything, with pauses so that nothing runs away
-- exit: 143
-- signal: TERM 1
-- bound: 20
while true do
  pcall(function() while true do pcall(sleep, 0.001) pcall(error) end end)
  pcall(coroutine.wrap(function() while true do pcall(sleep, 0.001) end end))
end
