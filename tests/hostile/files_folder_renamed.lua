-- tries: the journal's own folder moved away by os.rename, by several names
-- exit: 0
-- after: test -f journal.db
-- sent: 1
-- says: ^all refused
local at = here "lines.csv"
for _, from in ipairs { ".", "./", "/proc/self/cwd", here "", here "../" .. "." } do
  assert(not os.rename(from, "/tmp/omnitron-files-away"), from)
  assert(not os.remove(from))
end
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
assert(io.open(at))
print("all refused")
