#!/bin/sh
# tries: a profile.lua that every user can write
# says: has mode 0666, so every user can write it
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
chmod 666 profile.lua
echo 'print "EVALUATED"' >rule.lua
for command in "run rule.lua" "plan rule.lua" "check rule.lua" "doctor ." report; do
    refused "$OMNITRON" $command
done
