-- tries: to exhaust Lua's stack and C's: recursion by calls, gsub, sort, pcall, metamethods, coroutines, nested tables
-- exit: 0 1
-- bound: 40
local function f(n) return 1 + f(n + 1) end
print(pcall(f, 1))
local function g(s) return (s:gsub(".", g)) end
print(pcall(g, "aa"))
local function h() table.sort({ 1, 2 }, function() h() return true end) end
print(pcall(h))
local function p() return pcall(p) end
print(p())
local t = setmetatable({}, {})
getmetatable(t).__index = function(self, k) return self[k .. "x"] end
print(pcall(function() return t.a end))
local m = setmetatable({}, {}) getmetatable(m).__index = m
print(pcall(function() return m.x end))
local function c() return coroutine.wrap(c)() end
print(pcall(c))
local s = setmetatable({}, { __tostring = function(self) return tostring(self) end })
print(pcall(tostring, s))
print(load(("return "):rep(1) .. ("("):rep(100000)))
print(load(("a="):rep(100000) .. "1"))
print(load("local " .. ("a,"):rep(300) .. "b"))
print(pcall(string.rep, "x", 1 << 62))
print(pcall(string.format, "%" .. ("9"):rep(50) .. "d", 1))
print(pcall(table.unpack, {}, 1, 1 << 30))
print(pcall(select, -1 << 62, 1))
