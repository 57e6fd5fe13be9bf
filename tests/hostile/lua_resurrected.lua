-- tries: what finalizers bring back, after its own finalizer has run: readers, files, JSON, streams
-- exit: 0
-- says: ^walls stand
-- sent: 0
local back = {}
do
  local reader, file = csv.rows "lines.csv", io.tmpfile()
  setmetatable({}, { __gc = function() back.reader, back.file = reader, file end })
end
collectgarbage()
collectgarbage()
for name, value in pairs(back) do
  for _, method in ipairs { "pull", "prefix", "unchanged", "close", "read",
      "write", "lines", "seek" } do
    print(name, method, pcall(function() return value[method](value) end))
  end
end
print(pcall(omnitron.release_all, back.reader, print))
-- The same when the state is closed.
local ends = { reader = csv.rows "lines.csv", file = io.tmpfile() }
setmetatable(ends, { __gc = function(t)
  for _ = 1, 2 do
    pcall(function() t.reader:pull() end)
    pcall(function() t.reader:close() end)
    pcall(csv.rows, "lines.csv")
    pcall(csv.table, "lines.csv", "item")
    pcall(json.decode, "[1,2,3]")
    pcall(fs.list, ".", "*")
    pcall(function() return require "cjson".new() end)
    pcall(io.open, "lines.csv")
    pcall(omnitron.release_all, { 1 }, print)
  end
end })
print("walls stand")
