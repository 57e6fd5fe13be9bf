#!/bin/sh
# tries: a rollback journal that would be copied into the journal
# says: journal\.db-journal lies beside the journal
# sent: 0
echo 'omnitron.release { order_item_id = 1, code = "SO-1" }' >case.lua
head -c 5000 /dev/urandom >journal.db-journal
for words in "run case.lua" "why 1" "report" "journal list ." "journal verify ."; do
    timeout -k 1 30 "$OMNITRON" $words
    code=$?
    [ $code -eq 2 ] || { echo "$words: $code"; exit 1; }
done
