#!/bin/sh
# tries: another user's profile.lua whose url is a listener, by every command, with a token in the environment
# needs: root
# says: belongs to another user
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
OMNITRON_TOKEN=$(cat token); export OMNITRON_TOKEN
echo "return { url = \"$EVIL\" }" >profile.lua
echo 'print "EVALUATED"' >rule.lua
chown 54321 profile.lua
for command in "run rule.lua" "plan rule.lua" "check rule.lua" "doctor ." "why 1" \
    report recall "journal list ." "journal open ." "journal verify ." \
    "journal export --csv" "journal backup copy.db" "repl ." "cron rule.lua"; do
    refused "$OMNITRON" $command
done
