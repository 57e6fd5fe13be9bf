-- tries: a pattern that goes through every possibility
-- exit: 1
-- profile: run_away = "1s",
-- says: case\.lua:\d+ did not come back
-- args: lines.csv
local text = ("a"):rep(30000)
return function()
  return text:find(".-.-.-.-b")
end
