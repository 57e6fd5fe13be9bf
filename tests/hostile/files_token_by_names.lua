-- tries: the token's file by link, hard link, folder link, descriptor and loader
-- exit: 0
-- setup: ln token hard 2>/dev/null; rm -f hard; ln -s token soft; ln -s . around
-- says: ^all refused
local function first_row(path)
  return csv.rows(path)()
end

for _, name in ipairs { "token", "soft", "around/token", "./token" } do
  local path = here(name)
  local file, why = io.open(path)
  assert(not file and why:find("token"), why)
  assert(not io.open(path, "w"))
  assert(not io.open(path, "a"))
  assert(not pcall(io.lines, path))
  assert(not pcall(first_row, path))
  assert(not pcall(csv.table, path, "a"))
  assert(not loadfile(path))
  assert(not pcall(fs.move, path, "/tmp"))
  assert(not os.rename(path, here "mine"))
  assert(not os.remove(path))
  assert(not http.get(arg[2], { save_to = path, tries = 1 }))
  assert(not http.get("https" .. arg[2]:sub(5), { ca_file = path, tries = 1 }))
end
print("all refused")
