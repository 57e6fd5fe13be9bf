-- csv_rows.lua FILE LINES: each row as a Lua table, and nothing else.
local n = 0
for _ in csv.rows(arg[1]) do
  n = n + 1
end
assert(n == math.tointeger(arg[2]), n)
