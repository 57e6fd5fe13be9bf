#!/bin/sh
# tries: the journal as ca_file, client_cert, client_key, known_hosts; then sqlite3 looks at it, and the run is killed
# sent: 3
cat >case.lua <<'END'
local link = here "link.csv"
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _, path in ipairs { here "journal.db", link, "./././journal.db", "/proc/self/cwd/journal.db" } do
  for _, name in ipairs { "ca_file", "client_cert", "client_key" } do
    pcall(http.get, "https://" .. arg[2]:match("//(.*)"), { [name] = path, timeout = 1, tries = 1 })
  end
  pcall(http.get, "https://" .. arg[2]:match("//(.*)"),
    { client_cert = path, client_key = path, timeout = 1, tries = 1 })
  pcall(http.get, "sftp://127.0.0.1:1/x",
    { known_hosts = path, basic = { "a", "b" }, timeout = 1, tries = 1 })
end
collectgarbage()
collectgarbage()
require "waits" ()
END
ln -s journal.db link.csv
. "$CASES/lib/read_then_killed.sh"
