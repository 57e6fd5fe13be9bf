-- tries: files of the library used when they are closed, twice, by other types, from finalizers
-- exit: 0
-- says: ^done
local f = assert(io.open(here "new.txt", "w+"))
local copies = { io.stdout, io.stderr, io.stdin, f }
for _, name in ipairs { "close", "flush", "lines", "read", "seek", "setvbuf", "write" } do
  local method = f[name]
  for _, odd in ipairs { 1, "x", {}, print, io, coroutine.create(print) } do
    assert(not pcall(method, odd))
  end
  pcall(method)
end
setmetatable({}, { __gc = function() pcall(f.write, f, "x") pcall(f.close, f) end })
collectgarbage()
for _ = 1, 3 do
  for _, file in ipairs(copies) do
    pcall(file.setvbuf, file, "full", 16)
    pcall(file.seek, file, "set", 1 << 62)
    pcall(file.write, file, "")
    pcall(file.flush, file)
    pcall(file.setvbuf, file, "no")
    if file ~= io.stdin then pcall(file.close, file) end
    tostring(file)
    io.type(file)
  end
end
local each = io.lines(here "new.txt", 1, "n", "L", "a", 0)
pcall(each) pcall(each) pcall(each)
assert(not pcall(io.lines, here "new.txt", table.unpack({}, 1, 251)))
for _, mode in ipairs { "", "x", "rw", "r+bb", "b", "w++", "a b", "\0r" } do
  assert(not pcall(io.open, here "new.txt", mode), mode)
end
io.stdout:write("done\n")
