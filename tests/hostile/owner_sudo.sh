#!/bin/sh
# tries: SUDO_UID that is not the owner's, and no number
# needs: root
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
echo 'print "EVALUATED"' >rule.lua
chown 54321 rule.lua
for uid in 54322 "" 54321x -1 18446744073709605937; do
    refused env SUDO_UID=$uid "$OMNITRON" plan rule.lua
done
chown 0 rule.lua
