-- tries: paths that a careless reader of URLs takes for the API's
-- exit: 0
-- sent: 0
local at = arg[1]:match("//(.*)")
local n = 0
for _, path in ipairs { "//" .. at .. "/api/", "/api/@" .. at, "/api//" .. at,
    "/api/../../" .. at, "/api/%2e%2e/%2e%2e/x", "/api/%2E./x", "/api/.%2e/x",
    "/api\\..\\x", "/api/..;/x", arg[1] .. "/api/x", "http:/api/x", "/api/x#@" .. at,
    "/api/x\0@" .. at, "/api/x\r\nHost: " .. at, "/api/x HTTP/1.1\r\n\r\nGET /y",
    "/API/x", "/api", "", " /api/x", "/api/\xFF\xFE", "/api/\u{2025}/x", "?/api/",
    "/api/x?next=" .. arg[1] } do
  local ok, reply, why = pcall(omnitron.get, path)
  n = n + 1
  print(n, ok, reply, why)
end
