-- tries: each over a generator without an end
-- exit: 143
-- signal: TERM 1
-- never: it came back
omnitron.each(coroutine.wrap(function()
  while true do
    coroutine.yield({})
  end
end), function() end)
error("it came back")
