-- tries: finalizers that close and read on a csv reader, while one of its rows is made
-- exit: 0
-- says: ^walls stand
-- sent: 0
local file = assert(io.open("wide.csv", "w"))
local names, cells = {}, {}
for i = 1, 300 do
  names[i], cells[i] = "column" .. i, ("x"):rep(50) .. i
end
file:write(table.concat(names, ";"), "\n")
for _ = 1, 60 do
  file:write(table.concat(cells, ";"), "\n")
end
file:write("one;two\n")
file:close()
collectgarbage("setpause", 1)
collectgarbage("setstepmul", 10000)
local reader
local function again()
  setmetatable({}, { __gc = function()
    pcall(function()
      if math.random(3) == 1 then reader:close() else reader:pull() end
    end)
    again()
  end })
end
again()
for _ = 1, 60 do
  reader = csv.rows "wide.csv"
  for _ = 1, 70 do
    if not pcall(math.random(2) == 1 and reader or reader.pull, reader) then
      break
    end
  end
end
print("walls stand")
