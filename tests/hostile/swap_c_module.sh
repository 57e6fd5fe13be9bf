#!/bin/sh
# tries: a C module of the folder, where the profile names one that the system does not have
# exit: 1
# never: LOADED
cat >evil.c <<'END'
#include <stdio.h>
int luaopen_evil(void *L) { (void)L; puts("LOADED"); return 0; }
END
if command -v gcc >/dev/null; then gcc -shared -fPIC -o evil.so evil.c; else : >evil.so; fi
mkdir -p usr && cp evil.so loadall.so
sed -i 's/^return {/return { modules = { "evil" },/' profile.lua
echo 'print(pcall(require, "evil")) require "evil"' >case.lua
LUA_CPATH='./?.so' LUA_CPATH_5_4='./?.so;;' LUA_INIT='print("LOADED")' "$OMNITRON" run case.lua
