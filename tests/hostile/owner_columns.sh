#!/bin/sh
# tries: escapes and line ends in every text of the journal
# never: \x1b|\xc2\x9b|^FORGED
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
echo 'return function(row) return { order_item_id = row.item, code = row.erp_doc, update_stock = true } end' >rule.lua
"$OMNITRON" run --mock --journal journal.db rule.lua lines.csv >/dev/null 2>&1
"$OMNITRON" journal retry --rejected >/dev/null 2>&1
plant="CAST(X'611b5b324ac29b33316d0a464f52474544ff0d01' AS TEXT)"
for column in outcome why message source name seen code; do
    sqlite3 journal.db "UPDATE OR IGNORE release SET $column = $plant"
done
sqlite3 journal.db "UPDATE run SET script = $plant, host = $plant; INSERT INTO audit (order_item_id, at, who, what, note) VALUES (1, 1, $plant, $plant, $plant)"
for command in "why 1" "journal show 1" "journal show 1 --json" "journal list" "journal open" "journal export --csv" "journal export --json" report "report --json" recall "plan rule.lua lines.csv" "doctor ."; do
    "$OMNITRON" $command 2>&1
done
true
