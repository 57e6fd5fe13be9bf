#!/bin/sh
# tries: a token with a second name in a folder of others
# says: token has a second name
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
ln token "$HOME/again"
echo 'print "EVALUATED"' >rule.lua
refused "$OMNITRON" run rule.lua
as "$OMNITRON" doctor .
[ $code -eq 2 ] || exit 1
rm "$HOME/again"
