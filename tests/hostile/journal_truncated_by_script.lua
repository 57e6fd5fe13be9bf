-- tries: io.open for writing cuts the journal, its WAL and its shared memory to nothing
-- exit: 0 1 7
-- sent: <=2
-- after: cp journal.db copy.db; sqlite3 copy.db 'PRAGMA integrity_check' 2>&1 | grep -q '^ok'
for _, tail in ipairs { "-shm", "-wal", "", ".lock" } do
  print(pcall(io.open, here("journal.db" .. tail), "w"))
end
for n = 1, 2 do
  print(pcall(omnitron.release, { order_item_id = n, code = "SO-" .. n, update_stock = true }))
end
print(pcall(omnitron.remember, "a", 1))
print(pcall(omnitron.recall, "a"))
