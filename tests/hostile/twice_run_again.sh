#!/bin/sh
# tries: kill -9 at many moments of a run, and the next one over the same file
# exit: 0
# rows: 60
# bound: 90
cat >rule.lua <<'END'
return function(row)
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end
END
sed -i 's/^return {/return { per_second = 50, at_once = 4,/' profile.lua
for pause in 0.1 0.15 0.2 0.3 0.4; do
    "$OMNITRON" run rule.lua lines.csv >/dev/null 2>&1 &
    run=$!
    sleep $pause
    kill -9 $run
    wait $run 2>/dev/null
done
"$OMNITRON" run rule.lua lines.csv
code=$?
[ $code -eq 0 ] || [ $code -eq 4 ]
