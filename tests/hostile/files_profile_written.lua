-- tries: another url in profile.lua for the next run, by each function that writes, moves or removes
-- exit: 0
-- setup: cp profile.lua before && echo evil > evil && mkdir aside && ln -s profile.lua link && ln profile.lua second
-- says: ^refused 10, read true$
-- after: cmp profile.lua before
-- sent: 0
local evil = 'return { url = "' .. arg[1] .. '", token_file = "token" }\n'
local refused = 0
local function tries(fn, ...)
  local ok, value, why = pcall(fn, ...)
  print(ok, value, why)
  refused = refused + ((not ok or not value) and 1 or 0)
end
for _, name in ipairs { "profile.lua", "link", "second" } do
  for _, mode in ipairs { "w", "r+" } do
    tries(function()
      local file = assert(io.open(here(name), mode))
      return file:write(evil) and file:close()
    end)
  end
end
tries(os.rename, "evil", "profile.lua")
tries(os.rename, "profile.lua", "away")
tries(os.remove, "profile.lua")
tries(fs.move, "profile.lua", "aside")
pcall(http.get, arg[1], { save_to = here "profile.lua" })
print(("refused %d, read %s"):format(refused, io.open(here "profile.lua"):read "a" ~= ""))
