#!/bin/sh
# tries: run as root: it says what that costs, and cron's unit has a user
# needs: root
# says: ^#? ?User=
echo 'print(1)' >case.lua
"$OMNITRON" run -v case.lua >run.out 2>&1
"$OMNITRON" cron case.lua 2>&1
grep -q root run.out || { cat run.out; exit 1; }
