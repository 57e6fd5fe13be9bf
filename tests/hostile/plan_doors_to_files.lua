-- tries: to write in a plan: files by every door, moves, cursors, downloads
-- command: plan
-- exit: 0 1 2 3 10
-- after: test "$(cat keep)" = kept; test ! -e made; test ! -e moved/keep; test -e lines.csv
-- after: test -z "$("$OMNITRON" recall 2>/dev/null)"
-- setup: echo kept >keep; mkdir moved
local path = here "keep"
for _, mode in ipairs { "w", "a", "r+", "w+", "a+", "wb", "r+b", "rw", "w\0", "+", "x" } do
  print(mode, pcall(function() local f = assert(io.open(path, mode)) f:write("x") f:close() end))
  print(mode, pcall(function() local f = assert(io.open(here "made", mode)) f:write("x") f:close() end))
end
print(pcall(function() io.output(here "made") io.write("x") io.close() end))
print(pcall(function() io.output(path) end))
print(pcall(os.remove, path))
print(pcall(os.rename, path, here "made"))
print(pcall(fs.move, path, here "moved"))
print(pcall(omnitron.remember, "cursor", 1))
print(pcall(http.get, arg[1] .. "/x", { save_to = here "made" }))
print(pcall(http.get, arg[1] .. "/x", { save_to = path }))
print(pcall(function() return io.tmpfile():write("x") end))
print(pcall(function() return package.loaded.io.open(path, "w") end))
print(pcall(function() return getmetatable(io.stdout).__index.open(path, "w") end))
