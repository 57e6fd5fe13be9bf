#!/bin/sh
# tries: a folder whose name holds escapes, in what is suggested
# never: \x1b|\xc2\x9b|^FORGED
# says: \$'.*\\x1B
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
name=$(printf "we'ird\033[2J\302\2331m\nFORGED\001")
mkdir "$name"
cp profile.lua "$name"/
echo another >"$name/token"
chmod 600 "$name/token"
echo 'return function() error("x") end' >"$name/rule.lua"
"$OMNITRON" journal new "$name" 2>&1
"$OMNITRON" run "$name/rule.lua" lines.csv 2>&1
"$OMNITRON" doctor "$name" 2>&1
"$OMNITRON" journal open "$name" 2>&1
"$OMNITRON" run "$name/none.lua" 2>&1
"$OMNITRON" cron "$name/rule.lua" 2>&1
true
