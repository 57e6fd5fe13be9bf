-- tries: a FIFO through every function that takes a path, with nobody at its other end
-- exit: 0
-- bound: 30
-- setup: mkfifo pipe pipe.lua; ln -s pipe to_pipe
-- says: ^all refused
local function first_row(path)
  return csv.rows(path)()
end

for _, name in ipairs { "pipe", "to_pipe", "pipe.lua" } do
  local path = here(name)
  for _, mode in ipairs { "r", "w", "a", "r+" } do
    assert(not io.open(path, mode), mode)
  end
  assert(not pcall(io.lines, path))
  assert(not pcall(io.input, path))
  assert(not pcall(io.output, path))
  assert(not pcall(first_row, path))
  assert(not pcall(csv.table, path, "a"))
  assert(not loadfile(path))
  assert(not pcall(dofile, path))
  assert(not pcall(fs.move, path, "/tmp"))
  assert(not http.get(arg[2], { save_to = path }))
  local safe = "https" .. arg[2]:sub(5)
  for _, what in ipairs { "ca_file", "client_cert" } do
    assert(not http.get(safe, { [what] = path, tries = 1 }))
  end
  assert(not http.get(safe,
    { client_cert = here "lines.csv", client_key = path, tries = 1 }))
  assert(not http.get("sftp://127.0.0.1:1/x",
    { basic = { "a", "b" }, known_hosts = path, tries = 1 }))
end
assert(not pcall(require, "pipe"))
print("all refused")
