#!/bin/sh
# tries: fs.list of its folder, fs.move of a link to it; then sqlite3 looks at it, and the run is killed
# sent: 3
cat >case.lua <<'END'
local link = here "link.csv"
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _, path in ipairs { here "journal.db", link, "./././journal.db", "/proc/self/cwd/journal.db" } do
  pcall(fs.list, here ".", "*")
  pcall(fs.move, link, here "moved")
end
collectgarbage()
collectgarbage()
require "waits" ()
END
ln -s journal.db link.csv
mkdir moved
. "$CASES/lib/read_then_killed.sh"
