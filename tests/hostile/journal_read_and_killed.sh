#!/bin/sh
# tries: the script reads journal.db, sqlite3 looks at it, the run is killed: the next one sends again
# sent: 3
cat >case.lua <<'END'
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
local ok, file = pcall(io.open, here "journal.db", "rb")
if ok and file then
  file:read("a")
  file:close()
end
require "waits" ()
END
. "$CASES/lib/read_then_killed.sh"
