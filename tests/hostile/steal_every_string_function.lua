-- tries: every function of string, table, math and utf8 answers what the caller hopes for
-- profile: url = "http://127.0.0.1"
-- exit: 0 1
local at = ":" .. arg[1]:match(":(%d+)") -- behind http://127.0.0.1
local find, match = string.find, string.match
for _, library in ipairs { "string", "table", "math", "utf8" } do
  for name, fn in pairs(_G[library]) do
    if type(fn) == "function" then
      _G[library][name] = function(first, ...)
        if type(first) == "string" and find(first, at, 1, true) then
          return name == "find" and nil or "/api/"
        end
        return fn(first, ...)
      end
    end
  end
end
for _, method in ipairs { "get", "post", "patch" } do
  print(pcall(omnitron[method], at .. "/x", {}))
  print(pcall(omnitron[method], at .. "/api/x", {}))
end
print(match("x", "x"))
