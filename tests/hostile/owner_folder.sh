#!/bin/sh
# tries: a folder that every user can write into
# says: the folder .* has mode 0777
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
chmod 777 .
echo 'print "EVALUATED"' >rule.lua
for command in "run rule.lua" "plan rule.lua" "check rule.lua" "doctor ." report; do
    refused "$OMNITRON" $command
done
chmod 755 .
