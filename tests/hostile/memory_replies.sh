#!/bin/sh
# tries: 64 replies of 20 MiB at once, with a memory of 64 MiB
# needs: plain
# bound: 60
mkdir served
head -c 20971520 /dev/zero | tr '\0' x >served/big
echo '{"GET /big":"big"}' >served/replies.json
"$OMNITRON" mock --serve served >url 2>/dev/null &
n=0
while [ ! -s url ] && [ $n -lt 200 ]; do sleep 0.05; n=$((n + 1)); done
sed -i 's/^return {/return { memory = "64M",/' profile.lua
cat >case.lua <<'END'
local kept, n = {}, 0
local client = http.client { at_once = 64 }
omnitron.each(function()
  n = n + 1
  return n <= 64 and n or nil
end, function(i)
  local reply, why = client.get(arg[1] .. "/big")
  kept[i] = reply
  print(i, reply and #reply.body, why)
end, { at_once = 64 })
END
. "$CASES/lib/peak.sh"
measured "$OMNITRON" run case.lua "$(cat url)"
[ $code -le 5 ] && [ $peak -lt 262144 ]
