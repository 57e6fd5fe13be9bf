#!/bin/sh
# tries: its folder is renamed and a new one made while a run sends: nothing more may leave
# exit: 0
# sent: <=1
# bound: 40
cat >case.lua <<'END'
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
io.open(here "now", "w"):close()
for _ = 1, 600 do
  local file = io.open(here "go")
  if file then file:close() break end
  sleep(0.05)
end
for n = 2, 9 do print(omnitron.release { order_item_id = n, code = "SO-" .. n, update_stock = true }) end
END
"$OMNITRON" run case.lua &
run=$!
n=0
while [ ! -e now ] && [ $n -lt 400 ]; do sleep 0.05; n=$((n + 1)); done
mv ../acme ../gone; mkdir ../acme; : >../gone/go; : >../acme/go; cp ../gone/token ../acme/token
: >go
wait $run
code=$?
echo "code $code"
rm -f ../gone/token
[ $code -eq 7 ]
