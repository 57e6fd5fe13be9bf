#!/bin/sh
# tries: another user's script in the customer's folder
# needs: root
# says: rule\.lua belongs to another user
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
echo 'print "EVALUATED"' >rule.lua
chown 54321 rule.lua
for command in "run rule.lua" "run --mock rule.lua" "plan rule.lua" "check rule.lua" "cron rule.lua"; do
    refused "$OMNITRON" $command
done
