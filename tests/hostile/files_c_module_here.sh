#!/bin/sh
# tries: a C module beside the script, by ./?.so and LUA_CPATH; the profile names it
# exit: 0
sed 's/^}/modules = { "planted" } }/' profile.lua >p && mv p profile.lua
printf 'int luaopen_planted(void *L) { (void)L; __builtin_trap(); }' >planted.c
cc -shared -fPIC -o planted.so planted.c || cp "$(command -v true)" planted.so
echo 'local ok, why = pcall(require, "planted") assert(not ok) print(why)' >case.lua
LUA_CPATH='./?.so;;' LUA_CPATH_5_4='./?.so' "$OMNITRON" run case.lua >said 2>&1 || exit 1
cat said
! grep -q '\./planted' said
