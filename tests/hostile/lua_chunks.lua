-- tries: compiled chunks, environments of its own, _ENV tricks and modules put in the place of the built-in ones
-- exit: 0
-- says: ^walls stand
-- never: reached
-- sent: 1
local dumped = string.dump(function() print("reached") end)
for _, mode in ipairs { "b", "bt", "t", "tb", "x" } do
  print(mode, pcall(function() return assert(load(dumped, "=x", mode))() end))
end
print(pcall(load, dumped, "x", setmetatable({}, { __tostring = function() return "t" end })))
print(load("return native, libraries, _ENV", "=x", "t", {})())
print(load "return native")
local env = setmetatable({}, { __index = function(_, key) return _G[key] end,
  __newindex = error })
print(pcall(load("x = 1; return pcall(release_all)", "=x", "t", env)))
do
  local _ENV <const> = { print = print }
  print(pcall)
end
package.loaded.json = { encode = function() print("reached") end }
package.loaded.omnitron, package.preload.http = {}, function() return {} end
package.loaded._G, package.loaded.string = {}, {}
print(pcall(require, "native"), pcall(require, "rows"), pcall(require, "debug"))
for _, name in ipairs { "omnitron", "../omnitron", "/etc/passwd", "\0", "" } do
  print(pcall(require, name))
end
print(pcall(require, setmetatable({}, { __index = string })))
assert(omnitron.release { order_item_id = 1, code = "SO-1" })
print("walls stand")
