-- tries: a file of bad lines that has no end, past a signal
-- exit: 143
-- signal: TERM 1
-- sent: 0
-- never: it came back
-- says: ended by a signal
local path = here "long.csv"
local file = assert(io.open(path, "w"))
file:write("item;code\n")
for _ = 1, 300 do
  file:write(("1;2;3\n"):rep(20000))
end
file:close()
omnitron.release_all(csv.rows { path = path }, function()
  return nil, "skipped"
end)
os.remove(path)
error("it came back")
