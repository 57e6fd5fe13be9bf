-- tries: save_to, io.open for writing and csv onto the journal
-- exit: 0 1 7
-- sent: <=2
-- after: cp journal.db copy.db; sqlite3 copy.db 'PRAGMA integrity_check' 2>&1 | grep -q '^ok'
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
print(pcall(http.get, arg[1] .. "/x", { save_to = here "journal.db" }))
print(pcall(http.get, arg[1] .. "/x", { save_to = here "journal.db-wal" }))
print(pcall(http.get, arg[1] .. "/x", { save_to = here "journal.db.lock" }))
for _, tail in ipairs { "", "-wal", "-shm" } do
  local ok, file = pcall(io.open, here("journal.db" .. tail), "r+")
  if ok and file then
    file:write("not a database any more")
    file:close()
  end
end
print(omnitron.release { order_item_id = 2, code = "SO-2", update_stock = true })
