-- tries: coroutines: resumed by others, closed while they wait, wrapped 10,000 deep, dead ones
-- exit: 0 1
-- bound: 40
-- options: --deadline 8s
local function get() return http.get(arg[1] .. "/x", { timeout = 2 }) end
local shared = coroutine.create(function() while true do get() coroutine.yield(1) end end)
print(pcall(omnitron.each, { 1, 2, 3, 4 }, function(n)
  for _ = 1, 5 do
    coroutine.resume(shared)
    if n == 3 then pcall(coroutine.close, shared) end
  end
end))
local function deep(n)
  if n == 0 then return get() and true end
  return coroutine.wrap(deep)(n - 1)
end
for _, n in ipairs { 5, 50, 190, 10000 } do print(n, pcall(deep, n)) end
local me = coroutine.running()
print(pcall(coroutine.resume, me), pcall(coroutine.close, me), pcall(coroutine.wrap(function() return coroutine.close(me) end)))
local gen = coroutine.wrap(function() get() end)
print(pcall(table.sort, { 1, 2, 3 }, function() gen() return true end))
print(pcall(string.gsub, "abc", ".", function() return gen() end))
for _, value in ipairs { 1, "x", {}, print, false } do
  for name, fn in pairs(coroutine) do pcall(fn, value, value) end
end
for i = 1, 2000 do
  local co = coroutine.create(function() get() end)
  if i < 20 then coroutine.resume(co) end
end
collectgarbage()
