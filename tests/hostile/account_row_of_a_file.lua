-- tries: a row of 40 MiB in a CSV file; the one behind it is read
-- profile: memory = "16M",
-- exit: 3
-- says: memory: this row needs more than
-- sent: 1
local file = io.open("big.csv", "w")
local names, cell = {}, ("x"):rep(1 << 20)
for i = 1, 40 do names[i] = "c" .. i end
file:write(table.concat(names, ","), "\n")
for i = 1, 40 do file:write(cell, i < 40 and "," or "\n") end
file:write(("1,"):rep(39), "1\n")
file:close()
omnitron.release_all(csv.rows "big.csv", function(row)
  return { order_item_id = row.c1, code = "C" .. #row.c2 }
end)
