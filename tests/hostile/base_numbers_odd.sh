#!/bin/sh
# tries: times and counts at the edges of 64 bits
# sent: <=3
# bound: 40
sqlite3 journal.db "INSERT INTO release (order_item_id, code, update_stock, state, attempts, started_at, ms, curl, http_status, mapping_pk, run, first_at, last_at) VALUES (9223372036854775807, 'SO-9', 1, 'pending', 9223372036854775807, -9223372036854775808, 9223372036854775807, -9223372036854775808, 9223372036854775807, -1, 9223372036854775807, -9223372036854775808, 9223372036854775807), (-5, 'SO-5', 1, 'unknown', 0, 1, 1, 1, 1, 1, -1, 1, 1); INSERT INTO run VALUES (9223372036854775807, 9223372036854775807, -1, 'x', 'y', -1, 99, 'z', NULL)" || exit
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
