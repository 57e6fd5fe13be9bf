#!/bin/sh
# tries: what is beside the journal: -wal, -shm, .lock and .notes; then sqlite3 looks at it, and the run is killed
# sent: 3
cat >case.lua <<'END'
local link = here "link.csv"
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _, path in ipairs { here "journal.db", link, "./././journal.db", "/proc/self/cwd/journal.db" } do
  for _, tail in ipairs { "-wal", "-shm", ".lock", ".notes" } do
    local ok, file = pcall(io.open, path .. tail)
    if ok and file then
      file:read("a")
      file:close()
    end
  end
end
collectgarbage()
collectgarbage()
require "waits" ()
END
ln -s journal.db link.csv
. "$CASES/lib/read_then_killed.sh"
