-- tries: a sparse file of 4 GiB where a small one is meant
-- exit: 0
-- profile: memory = "64M",
-- bound: 120
-- setup: truncate -s 4G sparse; ln sparse sparse.lua
-- says: ^held
local path = here "sparse"
local function no(fn, ...)
  local ok, value = pcall(fn, ...)
  assert(not ok or not value)
end
no(function() return io.open(path):read("a") end)
no(loadfile, path)
no(dofile, path)
no(require, "sparse")
no(function() for _ in io.lines(path) do end return true end)
for _, what in ipairs { "ca_file", "client_cert" } do
  no(http.get, "https" .. arg[2]:sub(5), { [what] = path, tries = 1 })
end
print("held")
