#!/bin/sh
# tries: an index with an expression that takes long
# says: has an index "x" that this program did not make
# sent: 0
echo 'omnitron.release { order_item_id = 1, code = "SO-1" }' >case.lua
sqlite3 journal.db 'CREATE INDEX x ON release (length(hex(zeroblob(100000000))))'
for words in "run case.lua" "why 1" "report" "journal list ." "journal verify ."; do
    timeout -k 1 30 "$OMNITRON" $words
    code=$?
    [ $code -eq 2 ] || { echo "$words: $code"; exit 1; }
done
