#!/bin/sh
# tries: a second run while the first is at work, when the lock was removed
# exit: 0
# rows: 20
# bound: 60
cat >rule.lua <<'END'
return function(row)
  sleep(0.1)
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end
END
"$OMNITRON" run rule.lua lines.csv &
run=$!
sleep 0.4
rm -f journal.db.lock
"$OMNITRON" run rule.lua lines.csv
wait $run
true
