-- tries: the token out of the program's memory, as root too: /proc/self/mem and what shows where
-- exit: 0
-- says: ^all refused
local function first_row(path)
  return csv.rows(path)()
end

for _, name in ipairs { "mem", "maps", "environ", "cmdline", "auxv", "pagemap",
    "fd/0/../../mem", "task/self/mem" } do
  for _, at in ipairs { "/proc/self/", "/proc/thread-self/", "/proc/1/",
      "/proc/self/root/proc/self/", "/proc/self/cwd/../../../../proc/self/" } do
    local path = at .. name
    assert(not io.open(path, "r"), path)
    assert(not io.open(path, "r+"), path)
    assert(not pcall(io.lines, path))
    assert(not pcall(first_row, path))
    assert(not loadfile(path))
  end
end
assert(not io.open("/proc/kcore"))
assert(not io.open("/proc/sysrq-trigger", "w"))
print("all refused")
