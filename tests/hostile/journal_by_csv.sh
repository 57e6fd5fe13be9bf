#!/bin/sh
# tries: csv.rows and csv.table of the journal; then sqlite3 looks at it, and the run is killed
# sent: 3
cat >case.lua <<'END'
local link = here "link.csv"
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _, path in ipairs { here "journal.db", link, "./././journal.db", "/proc/self/cwd/journal.db" } do
  pcall(function() csv.rows(path):pull() end)
  pcall(csv.table, path, "item")
  pcall(csv.rows, { path = path, encoding = "windows-1254" })
end
collectgarbage()
collectgarbage()
require "waits" ()
END
ln -s journal.db link.csv
. "$CASES/lib/read_then_killed.sh"
