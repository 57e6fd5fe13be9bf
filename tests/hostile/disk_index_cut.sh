#!/bin/sh
# tries: the -shm is cut to nothing under a run, which is a SIGBUS
# says: journal\.db-shm was cut short
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
: >journal.db-shm
"$OMNITRON" run case.lua >second 2>&1
second=$?
wait $!
first=$?
echo "first $first, second $second"
cat first second
[ $first -eq 7 ] && [ $second -eq 11 ]
