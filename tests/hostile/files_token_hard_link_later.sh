#!/bin/sh
# tries: a hard link to the token that another process makes while the script runs
# exit: 0
cat >case.lua <<'END'
io.open(here "now", "w"):close()
for _ = 1, 600 do
  if io.open(here "hard") or io.open(here "go") then break end
  sleep(0.05)
end
local file, why = io.open(here "hard")
assert(not file and why:find("token"), why)
END
"$OMNITRON" run case.lua &
run=$!
n=0
while [ ! -e now ] && [ $n -lt 400 ]; do sleep 0.05; n=$((n + 1)); done
ln token hard
: >go
wait $run
code=$?
rm -f hard
exit $code
