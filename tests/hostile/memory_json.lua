-- tries: to have json take what the heap may not: a text of 60 MB, numbers of 10 MB, keys without an end
-- exit: 0 1
-- bound: 60
-- profile: memory = "64M"
print(pcall(function() return #json.decode("[" .. ("1,"):rep(10 << 20) .. "1]") end))
print(pcall(function() return json.decode(("9"):rep(10 << 20)) end))
print(pcall(function() return json.decode("1" .. "e" .. ("9"):rep(1 << 20)) end))
print(pcall(function() return json.decode('"' .. ("\\u0000"):rep(3 << 20) .. '"') end))
print(pcall(function() return json.decode(("["):rep(10 << 20)) end))
print(pcall(function() return json.decode(('{"a":'):rep(100000) .. "1" .. ("}"):rep(100000)) end))
local t = {}
t[1] = t
print(pcall(json.encode, t))
local deep = {}
for _ = 1, 100000 do deep = { deep } end
print(pcall(json.encode, deep))
print(pcall(json.encode, { [1 << 30] = 1 }))
