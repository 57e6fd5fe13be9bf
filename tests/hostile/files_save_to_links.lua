-- tries: save_to over links, folders, pipes, and onto names beside the journal that are free
-- exit: 0
-- setup: mkfifo pipe; ln -s token to_token; ln -s nowhere dangles; mkdir -p folder; ln -s folder to_folder
-- after: test -p pipe -a -L to_token -a -L dangles -a -d folder -a ! -e journal.db-journal
-- says: ^all refused
for _, name in ipairs { "pipe", "to_token", "dangles", "folder", "to_folder",
    "journal.db-journal", "journal.db.notes", "JOURNAL.DB-journal" } do
  local reply, why = http.get(arg[2] .. "/__mock__/ledger",
    { save_to = here(name), tries = 1 })
  assert(not reply, name)
  print(why)
end
print("all refused")
