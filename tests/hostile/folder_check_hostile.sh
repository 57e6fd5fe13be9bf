#!/bin/sh
# tries: check with texts that are hard to read: nesting, long names, numbers, comments and strings without an end
# bound: 120
{ printf 'return '; head -c 100000 /dev/zero | tr '\0' '('; } >a.lua
{ printf 'return '; head -c 300 /dev/zero | tr '\0' '{'; } >b.lua
{ printf 'local x = "'; } >c.lua
{ printf -- '--[===['; head -c 1000000 /dev/zero | tr '\0' ']'; } >d.lua
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "if x then "; }' >e.lua
awk 'BEGIN { printf "local a = 1"; for (i = 0; i < 50000; i++) printf " .. a"; }' >f.lua
awk 'BEGIN { for (i = 0; i < 3000; i++) print "local v" i " = function() return v" i-1 " end"; }' >g.lua
awk 'BEGIN { printf "x"; for (i = 0; i < 10000; i++) printf ".y"; print " = 1" }' >h.lua
printf 'omnitron.relase{}\nprint("\033[2J\342\200\256")\n\033[2J = 1' >i.lua
awk 'BEGIN { printf "x"; for (i = 0; i < 60000; i++) printf "()" }' >j.lua
for script in a b c d e f g h i j; do
    timeout -k 1 30 "$OMNITRON" check $script.lua >out 2>&1
    code=$?
    [ $code -le 3 ] || { echo "$script: $code"; tail -3 out; exit 1; }
    tr -d '\n' <out | grep -q "$(printf '\033')" && echo "RAW $script" && exit 1
done

# More than luacheck can hold of itself, and more work than run_away.
awk 'BEGIN { printf "x = 1"; for (i = 0; i < 200000; i++) printf "+1" }' >deep.lua
"$OMNITRON" check deep.lua >out 2>&1
[ $? = 1 ] && head -n 1 out |
    grep -x 'deep.lua:1: nested too deep for check: take it apart' || exit 1
mkdir long
echo 'return { url = "https://example.invalid", run_away = "200ms" }' >long/profile.lua
awk 'BEGIN { print "local x, a = ..."; for (i = 0; i < 20000; i++)
    print "if x then a = 1 end"; print "print(a)" }' >long/rules.lua
echo 'require "rules"' >long/release.lua
"$OMNITRON" check long/release.lua >out 2>&1
[ $? = 1 ] && tail -n 1 out | grep 'long/rules.lua is too much for check' || {
    tail -n 1 out; exit 1; }
{ printf -- '--'; head -c 120000000 /dev/zero | tr '\0' ' '; } >big.lua
"$OMNITRON" check big.lua >out 2>&1
[ $? = 1 ] && tail -n 1 out | grep 'big.lua:1: is larger than 8 MiB' || {
    tail -n 1 out; exit 1; }
true
