#!/bin/sh
# tries: another user's file, and another's link, in a folder as /tmp is
# needs: root
# says: belongs to another user
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
chmod 1777 .
echo 'print "EVALUATED"' >rule.lua
chown 54321 rule.lua
refused "$OMNITRON" run rule.lua
chown 0 rule.lua
ln -s rule.lua link.lua
chown -h 54321 link.lua
refused "$OMNITRON" run link.lua
chmod 755 .
