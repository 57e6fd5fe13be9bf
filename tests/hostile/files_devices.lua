-- tries: devices where a file is meant, to read and to write
-- exit: 0
-- bound: 30
-- after: test -c /dev/zero -a -c /dev/full -a -c /dev/null
-- says: ^all refused
local function first_row(path)
  return csv.rows(path)()
end

for _, path in ipairs { "/dev/zero", "/dev/urandom", "/dev/full", "/dev/null",
    "/dev/tty", "/dev/ptmx" } do
  for _, mode in ipairs { "r", "w", "a", "r+" } do
    assert(not io.open(path, mode), path)
  end
  assert(not loadfile(path))
  assert(not pcall(first_row, path))
  assert(not pcall(csv.table, path, "a"))
  assert(not pcall(fs.move, path, here ""))
  assert(not http.get(arg[2], { save_to = path, tries = 1 }))
  assert(not http.get("https" .. arg[2]:sub(5), { ca_file = path, tries = 1 }))
end
print("all refused")
