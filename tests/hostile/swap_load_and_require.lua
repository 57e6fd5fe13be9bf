-- tries: bytecode by load, loadfile, dofile, require, a reader in pieces, string.dump, package.loaded
-- exit: 0
-- never: BYTECODE
local code = "\27Lua" .. ("x"):rep(100)
local dumped = string.dump and string.dump(function() print("BYTECODE") end) or code
io.open(here "bad.lua", "w"):write(dumped):close()
print(load(dumped))
print(load(dumped, "x", "b"))
print(load(dumped, "x", "bt"))
print(load(dumped, "x", setmetatable({}, { __tostring = function() return "t" end })))
local n = 0
print(load(function() n = n + 1 return dumped:sub(n, n) end, "x"))
print(load(function() n = n + 1 return dumped:sub(n, n) end, "x", "tb"))
print(loadfile(here "bad.lua", "b"))
print(loadfile(here "bad.lua"))
print(pcall(dofile, here "bad.lua"))
print(pcall(require, "bad"))
local first = true
print(load(function() if first then first = false return "\27" end return "Lua" .. dumped:sub(5) end))
local s = tostring
tostring = function() return "t" end
print(load(dumped, "x", "b"))
tostring = s
string.find = function() return 1 end
print(load(dumped, "x", "b"))
