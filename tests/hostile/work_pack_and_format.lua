-- tries: string.pack, unpack and format with the largest widths
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
while true do
  pcall(string.pack, "!16" .. ("i16"):rep(1000), 1)
  pcall(string.format, ("%99.99f"):rep(1000), 1e308)
  pcall(string.unpack, ("z"):rep(10000), ("\0"):rep(10000))
  pcall(utf8.char, table.unpack({}, 1, 200000))
end
