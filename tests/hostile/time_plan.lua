-- tries: a plan that does not end
-- command: plan
-- exit: 143
-- signal: TERM 1
-- args: lines.csv
return function()
  while true do
    pcall(function() while true do end end)
  end
end
