-- tries: sorts without end, with a comparator that is none
-- exit: 1
-- profile: run_away = "1s",
-- says: case\.lua:\d+: the script worked for 1\.0 s without waiting once|case\.lua:\d+ did not come back
local list = {}
for i = 1, 300000 do
  list[i] = i
end
while true do
  pcall(table.sort, list, function() return math.random() < 0.5 end)
end
