-- tries: the functions of string, table, math, utf8, os, coroutine with odd values: nan, inf, edges of integers, huge and broken texts, tables that raise or contain themselves
-- says: ^done
-- exit: 0 1 3 5
-- bound: 60
-- options: --deadline 20s
-- again: 1
-- setup: cp "$CASES/lib/odd.lua" .
local _, call = dofile("odd.lua")
for _, name in ipairs { "string", "table", "math", "utf8", "os", "coroutine" } do
  for what, fn in pairs(_G[name]) do
    if type(fn) == "function" and what ~= "rep" and what ~= "remove" and what ~= "rename" and what ~= "yield" and what ~= "move" and what ~= "unpack" then call(what, fn) end
  end
end
print("done")
