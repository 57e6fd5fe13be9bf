-- tries: to lead a request with the token elsewhere: string.sub says that every path is one of the API
-- exit: 0 1
-- profile: url = "http://127.0.0.1"
string.sub = function() return "/api/" end
local at = ":" .. arg[1]:match(":(%d+)") -- behind http://127.0.0.1
for _, path in ipairs { at .. "/x", at .. "/api/x",
    at .. "?/api/", at .. "/.." .. "/api/x", "@127.0.0.1" .. at .. "/x" } do
  print(pcall(omnitron.get, path))
  print(pcall(omnitron.post, path, {}))
  print(pcall(omnitron.patch, path, {}))
  print(pcall(function() for _ in omnitron.pages(path) do end end))
end
