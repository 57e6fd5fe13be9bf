#!/bin/sh
# tries: the journal, the token or the script as the file that an option writes
# says: name another file
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
echo 'return function() return nil, "no" end' >rule.lua
sum=$(cat journal.db token rule.lua profile.lua | cksum)
for file in journal.db token rule.lua profile.lua journal.db-wal journal.db.lock; do
    for option in --summary --log-file --metrics; do
        as "$OMNITRON" run --mock $option $file rule.lua lines.csv
    done
done
as "$OMNITRON" report --html journal.db
[ $code -eq 2 ] && [ "$sum" = "$(cat journal.db token rule.lua profile.lua | cksum)" ]
