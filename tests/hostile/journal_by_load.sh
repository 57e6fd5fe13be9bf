#!/bin/sh
# tries: loadfile, dofile and require of the journal; then sqlite3 looks at it, and the run is killed
# sent: 3
cat >case.lua <<'END'
local link = here "link.csv"
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _, path in ipairs { here "journal.db", link, "./././journal.db", "/proc/self/cwd/journal.db" } do
  pcall(loadfile, path)
  pcall(dofile, path)
  pcall(require, "journal")
end
collectgarbage()
collectgarbage()
require "waits" ()
END
ln -s journal.db link.csv
ln -s journal.db journal.lua
. "$CASES/lib/read_then_killed.sh"
