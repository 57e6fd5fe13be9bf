-- tries: the journal by six names, through every function that takes a path
-- exit: 0
-- setup: ln -s journal.db soft; ln -s soft softer; ln -s . loopback
-- says: ^opened none
-- never: SQLite format
local function first_row(path)
  return csv.rows(path)()
end
local J = here "journal.db"
local names = { J, here "soft", here "softer", here "loopback/journal.db",
  here "./././journal.db", "/proc/self/cwd/" .. J }
local opened = 0
local function try(fn, ...)
  local ok, value = pcall(fn, ...)
  if ok and value ~= nil and value ~= false then
    opened = opened + 1
    print("opened", ...)
  end
end
for _, name in ipairs(names) do
  for _, end_of in ipairs(name == J and { "", "-wal", "-shm" } or { "" }) do
    local path = name .. end_of
    for _, mode in ipairs { "r", "rb", "r+", "w", "w+", "a", "a+b" } do
      try(io.open, path, mode)
    end
    try(io.lines, path)
    try(io.input, path)
    try(io.output, path)
    try(first_row, path)
    try(csv.table, path, "a")
    try(loadfile, path)
    try(dofile, path)
    try(os.remove, path)
    try(os.rename, path, here "moved")
    try(os.rename, here "lines.csv", path)
    try(fs.move, path, "/tmp")
    try(http.get, arg[2], { save_to = path })
    try(http.get, "https" .. arg[2]:sub(5), { ca_file = path, tries = 1 })
  end
end
print("opened " .. (opened == 0 and "none" or opened))
