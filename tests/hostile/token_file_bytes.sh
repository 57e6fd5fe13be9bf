#!/bin/sh
# tries: a token with line ends and control bytes: a header of its own
# sent: 0
echo 'omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true }' >case.lua
printf "x\r\nX-Evil: 1\r\n\033[2J" >token; chmod 600 token
"$OMNITRON" run case.lua
code=$?
"$OMNITRON" doctor . >doctor.out 2>&1
doctor=$?
tail -3 doctor.out
echo "run $code, doctor $doctor"
[ $code -eq 2 ] && [ $doctor -eq 2 ]
