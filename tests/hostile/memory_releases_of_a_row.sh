#!/bin/sh
# tries: one row with 200,000 releases, with a memory of 64 MiB
# needs: plain
# says: memory|too many|at most
# bound: 60
sed -i 's/^return {/return { memory = "64M",/' profile.lua
cat >case.lua <<'END'
local list = {}
for n = 1, 200000 do list[n] = { order_item_id = n, code = "SO-" .. n, update_stock = true } end
omnitron.release_all({ 1 }, function() return list end)
END
. "$CASES/lib/peak.sh"
measured "$OMNITRON" run --deadline 40s case.lua
[ $code -le 5 ] && [ $peak -lt 262144 ]
