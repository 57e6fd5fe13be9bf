#!/bin/sh
# tries: a -wal that is a pipe
# says: journal\.db-wal is not a regular file
# sent: 0
echo 'omnitron.release { order_item_id = 1, code = "SO-1" }' >case.lua
mkfifo journal.db-wal
for words in "run case.lua" "why 1" "report" "journal list ." "journal verify ."; do
    timeout -k 1 30 "$OMNITRON" $words
    code=$?
    [ $code -eq 2 ] || { echo "$words: $code"; exit 1; }
done
