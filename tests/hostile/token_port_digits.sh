#!/bin/sh
# tries: a port that gets one digit more from the path
# needs: netns
# exit: 0
# says: ^ended$
. "$CASES/lib/names.sh"
omnitron_at 4434 https://acme.omnitron.test:4434
listen_at 127.0.0.1:44345
cat >case.lua <<'END'
string.sub = function() return "/api/" end
for _, path in ipairs { "5/api/i1/orders/", "5/x", "5?/api/", "5/api/../x" } do
  print(pcall(omnitron.get, path))
  print(pcall(omnitron.post, path, {}))
  print(pcall(omnitron.patch, path, {}))
end
print("ended")
END
"$OMNITRON" run case.lua
nobody_heard
