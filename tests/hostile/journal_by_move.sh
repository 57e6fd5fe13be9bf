#!/bin/sh
# tries: fs.list of its folder, fs.move of links to it; then sqlite3 looks at it, and the run is killed
# sent: 3
cat >case.lua <<'END'
local link, hard = here "link.csv", here "hard.csv"
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _, path in ipairs { here "journal.db", link, hard, "./././journal.db", "/proc/self/cwd/journal.db" } do
  pcall(fs.list, here ".", "*")
  pcall(fs.move, link, here "moved")
  pcall(fs.move, hard, here "moved")
end
collectgarbage()
collectgarbage()
require "waits" ()
END
ln -s journal.db link.csv
ln journal.db hard.csv
mkdir moved
. "$CASES/lib/read_then_killed.sh"
