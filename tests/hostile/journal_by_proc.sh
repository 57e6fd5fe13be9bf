#!/bin/sh
# tries: the journal by the descriptors in /proc and /dev; then sqlite3 looks at it, and the run is killed
# sent: 3
cat >case.lua <<'END'
local link = here "link.csv"
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _, path in ipairs { here "journal.db", link, "./././journal.db", "/proc/self/cwd/journal.db" } do
  for n = 3, 40 do
    for _, at in ipairs { "/proc/self/fd/", "/dev/fd/", "/proc/thread-self/fd/" } do
      local ok, file = pcall(io.open, at .. n)
      if ok and file then file:close() end
    end
  end
end
collectgarbage()
collectgarbage()
require "waits" ()
END
ln -s journal.db link.csv
. "$CASES/lib/read_then_killed.sh"
