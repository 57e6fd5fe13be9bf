-- tries: recursion without an end: functions, metamethods, coroutines, patterns, JSON, closers, error handlers
-- exit: 0 1 3
-- says: ^walls stand
-- sent: 0
local function down(n) return 1 + down(n) end
print(pcall(down, 1))
local meta = {}
meta.__index = function(t, k) return t[k .. "x"] end
print(pcall(function() return setmetatable({}, meta).x end))
local chain = {}
for _ = 1, 3000 do chain = setmetatable({}, { __index = chain }) end
print(pcall(function() return chain.x end))
local function nest() return coroutine.wrap(nest)() end
print(pcall(nest))
local function handler() error("again") end
print(xpcall(error, handler))
print(pcall(string.rep, "x", -1), pcall(string.rep, "x", 1 << 60))
print(pcall(string.find, ("("):rep(300), ("("):rep(300)))
print(pcall(load, ("("):rep(100000)))
print(pcall(load, "return " .. ("{"):rep(100000)))
local deep = {}
for _ = 1, 100000 do deep = { deep } end
print(pcall(json.encode, deep))
print(pcall(json.decode, ("["):rep(100000)))
print(pcall(require "cjson".encode, deep))
omnitron.release_all({ deep }, function() error("no") end)
local t = setmetatable({}, {})
getmetatable(t).__tostring = function() return tostring(t) end
print(pcall(tostring, t))
local function sorts() table.sort({ 1, 2, 3 }, sorts) end
print(pcall(sorts))
print("walls stand")
