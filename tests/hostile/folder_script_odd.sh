#!/bin/sh
# tries: scripts that are folders, FIFOs, devices, bytecode, 100 MB, NULs, a BOM, a line of 10 MB, of no rights
# bound: 60
mkdir dir.lua
mkfifo fifo.lua
printf '\033Lua' >bytes.lua
head -c 30000000 /dev/zero | tr '\0' ' ' >large.lua
printf 'print(1)\0print(2)' >nul.lua
{ printf 'return "'; head -c 10000000 /dev/zero | tr '\0' x; printf '"'; } >line.lua
printf '\357\273\277#!/x\nprint(1)' >bom.lua
for script in dir.lua fifo.lua bytes.lua large.lua nul.lua line.lua bom.lua /dev/zero /dev/null /proc/self/mem none.lua "" .; do
    for command in run check plan cron; do
        timeout -k 1 20 "$OMNITRON" $command "$script" >out 2>&1
        code=$?
        [ $code -eq 124 ] || [ $code -ge 128 ] || [ $code -eq 70 ] && echo "$command $script: $code" && tail -3 out && exit 1
    done
done
true
