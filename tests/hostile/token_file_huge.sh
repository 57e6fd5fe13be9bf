#!/bin/sh
# tries: a token of 10 MB
# sent: 0
echo 'omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true }' >case.lua
head -c 10000000 /dev/zero | tr "\0" a >token; chmod 600 token
"$OMNITRON" run case.lua
code=$?
"$OMNITRON" doctor . >doctor.out 2>&1
doctor=$?
tail -3 doctor.out
echo "run $code, doctor $doctor"
[ $code -eq 2 ] && [ $doctor -eq 2 ]
