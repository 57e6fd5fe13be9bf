#!/bin/sh
# tries: a reply of 40 MB and a code of its own in a row
# sent: <=3
# bound: 40
sqlite3 journal.db "INSERT INTO release (order_item_id, code, update_stock, state, attempts, reply, message, seen, run, first_at, last_at) VALUES (1, 'SO-1', 1, 'rejected', 1, zeroblob(40000000), hex(zeroblob(20000000)), hex(zeroblob(20000000)), 1, 1, 1)" || exit
cat >rule.lua <<'END'
return function(row)
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end
END
"$OMNITRON" run --deadline 10s rule.lua lines.csv
code=$?
echo "run $code"
for command in "why 1" "journal list ." "journal show 1" "journal open ." "journal verify ." report recall "journal export --json" "plan rule.lua lines.csv" "doctor ." "journal prune"; do
    timeout -k 1 20 "$OMNITRON" $command >said 2>&1
    each=$?
    tr -d '\n' <said | grep -q "$(printf '\033')" && echo "RAW of $command" && exit 1
    [ $each -eq 124 ] || [ $each -ge 128 ] && echo "ENDED $each of $command" && exit 1
done
[ $code -eq 0 ] || [ $code -eq 2 ] || [ $code -eq 7 ] || [ $code -eq 4 ] || [ $code -eq 3 ]
