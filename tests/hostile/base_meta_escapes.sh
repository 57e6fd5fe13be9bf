#!/bin/sh
# tries: a host with escapes in its name
# sent: <=3
# bound: 40
sqlite3 journal.db "INSERT OR REPLACE INTO meta (id, host, created_at) VALUES (1, char(27)||'[2J'||char(27)||']0;x'||char(7), 0)" || exit
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
[ $code -eq 2 ] || [ $code -eq 7 ]
