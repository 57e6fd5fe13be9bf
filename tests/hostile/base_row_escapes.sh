#!/bin/sh
# tries: escapes in every text of a row: message, reply, source, name, seen, code
# sent: <=3
# bound: 40
sqlite3 journal.db "INSERT INTO release (order_item_id, code, update_stock, state, attempts, applied_stock, started_at, ms, sent, curl, http_status, outcome, why, message, reply, mapping_pk, content_type, integration_type, source, name, seen, run, first_at, last_at) VALUES (1, char(27)||'[2J'||char(10)||'error: forged'||char(8238), 1, 'unknown', 1, 1, 1, 1, 1, 0, 500, char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), CAST(char(27)||'[2J'||char(10)||'error: forged'||char(8238) AS BLOB), 1, 1, char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), 1, 1, 1); INSERT INTO attempt VALUES (1, 1, 1, 1, char(27)||'[2J'||char(10)||'error: forged'||char(8238), 1, 1, 0, 500, CAST(char(27)||'[2J'||char(10)||'error: forged'||char(8238) AS BLOB), char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238)); INSERT INTO audit VALUES (1, 1, 1, char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238)); INSERT INTO conflict VALUES (1, char(27)||'[2J'||char(10)||'error: forged'||char(8238), 1, char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), 1, 1, 1); INSERT INTO run VALUES (1, 1, 2, char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), 1, 0, char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238)); INSERT INTO cursor VALUES (char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), 1, 1); INSERT INTO input VALUES (char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), 'failed', char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), char(27)||'[2J'||char(10)||'error: forged'||char(8238), 1, 1, 1, 1, 1)" || exit
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
