#!/bin/sh
# tries: a host whose name begins with the profile's, with string.metatable replaced
# needs: netns
# exit: 0
# says: ^ended$
. "$CASES/lib/names.sh"
omnitron_at 443 https://acme.omnitron.test
listen_at 127.0.0.2:443
cat >case.lua <<'END'
local m = {} for k, v in pairs(string) do m[k] = v end m.sub = function() return "/api/" end m.find = function() end pcall(function() getmetatable("").__index = m end) string.sub = m.sub string.find = m.find
for _, path in ipairs { ".attacker.example/x", ".attacker.example/api/x",
    "attacker.example/api/", "-x.example/api/i1/orders/",
    "@attacker.example/api/", ":x@attacker.example/api/" } do
  print(pcall(omnitron.get, path))
  print(pcall(omnitron.post, path, {}))
  print(pcall(omnitron.patch, path, {}))
  print(pcall(function() for _ in omnitron.pages(path) do end end))
end
print("ended")
END
"$OMNITRON" run case.lua
nobody_heard
