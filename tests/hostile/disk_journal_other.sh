#!/bin/sh
# tries: a new journal in place of the one that is in use
# says: journal\.db was replaced by another file
# sent: <=3
cat >case.lua <<'LUA'
for item = 1, 3 do
  omnitron.release { order_item_id = item, code = "SO-" .. item }
  sleep(1)
end
LUA
"$OMNITRON" run case.lua >first 2>&1 &
until [ -s journal.db-wal ]; do sleep 0.05; done
sleep 0.3
mkdir other
"$OMNITRON" journal new --journal other/journal.db >/dev/null || exit
rm journal.db-wal journal.db-shm journal.db.lock
mv other/journal.db journal.db
"$OMNITRON" run case.lua >second 2>&1
second=$?
wait $!
first=$?
echo "first $first, second $second"
cat first second
[ $first -eq 7 ] && [ $second -eq 2 ]
