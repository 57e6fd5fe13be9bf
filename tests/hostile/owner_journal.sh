#!/bin/sh
# tries: a journal, and each file beside it, that is another's
# needs: root
# says: belongs to another user
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
echo 'print "EVALUATED"' >rule.lua
for end in "" -wal -shm -journal .lock .notes; do
    [ -e journal.db$end ] || : >journal.db$end
    chown 54321 journal.db$end
    for command in "run rule.lua" "plan rule.lua" "why 1" report "journal verify ."; do
        refused "$OMNITRON" $command
    done
    chown 0 journal.db$end
    [ -z "$end" ] || rm -f journal.db$end
done
