-- tries: os.remove and os.rename of the journal and what is beside it, by the script
-- exit: 0 1 7
-- sent: <=3
for n, path in ipairs { "journal.db", "journal.db-wal", "journal.db.lock" } do
  print(omnitron.release { order_item_id = n, code = "SO-" .. n, update_stock = true })
  print(pcall(os.remove, here(path)))
  print(pcall(os.rename, here(path), here "elsewhere"))
  print(pcall(fs.move, here(path), here "folder"))
end
