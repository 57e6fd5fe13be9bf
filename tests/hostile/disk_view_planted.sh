#!/bin/sh
# tries: a view in place of a table
# says: that this program did not make|lacks|otherwise
# sent: 0
echo 'omnitron.release { order_item_id = 1, code = "SO-1" }' >case.lua
sqlite3 journal.db 'DROP TABLE conflict; CREATE VIEW conflict AS SELECT 1 AS order_item_id'
for words in "run case.lua" "why 1" "report" "journal list ." "journal verify ."; do
    timeout -k 1 30 "$OMNITRON" $words
    code=$?
    [ $code -eq 2 ] || { echo "$words: $code"; exit 1; }
done
