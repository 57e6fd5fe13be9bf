-- csv_read.lua FILE: every cell of every row as a Lua string in a table.
local n = 0
for row in csv.rows(arg[1]) do
  local copy = {}
  for name, value in pairs(row) do
    copy[name] = value
  end
  n = n + 1
end
assert(n == math.tointeger(arg[2]), n)
