#!/bin/sh
# tries: a module that every user can write, also under pcall and by dofile
# says: module\.lua has mode 0666
# never: EVALUATED
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
echo 'print "EVALUATED" return {}' >module.lua
chmod 666 module.lua
echo 'require "module"' >rule.lua
refused "$OMNITRON" run rule.lua
echo 'dofile "module.lua"' >rule.lua
refused "$OMNITRON" run rule.lua
echo 'print(pcall(require, "module")) print(pcall(dofile, "module.lua")) print(pcall(loadfile, "module.lua"))' >rule.lua
as "$OMNITRON" run rule.lua
