#!/bin/sh
# tries: io.lines, io.input and io.read of the journal, by its name and links; then sqlite3 looks at it, and the run is killed
# sent: 3
cat >case.lua <<'END'
local link = here "link.csv"
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _, path in ipairs { here "journal.db", link, "./././journal.db", "/proc/self/cwd/journal.db" } do
  pcall(function() for _ in io.lines(path) do break end end)
  pcall(function() io.input(path) io.read("a") io.input():close() end)
end
collectgarbage()
collectgarbage()
require "waits" ()
END
ln -s journal.db link.csv
. "$CASES/lib/read_then_killed.sh"
