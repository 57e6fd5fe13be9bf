#!/bin/sh
# tries: io.open of the journal for appending, r+ and a+; then sqlite3 looks at it, and the run is killed
# sent: 3
cat >case.lua <<'END'
local link = here "link.csv"
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _, path in ipairs { here "journal.db", link, "./././journal.db", "/proc/self/cwd/journal.db" } do
  pcall(function() io.open(path, "a"):close() end)
  pcall(function() io.open(path, "r+"):close() end)
  pcall(function() io.open(path, "a+b"):close() end)
end
collectgarbage()
collectgarbage()
require "waits" ()
END
ln -s journal.db link.csv
. "$CASES/lib/read_then_killed.sh"
