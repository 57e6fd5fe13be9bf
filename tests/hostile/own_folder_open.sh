#!/bin/sh
# tries: a folder that all may write
# needs: root
# sent: 0
echo 'omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true }' >case.lua
chmod 777 .
"$OMNITRON" run case.lua
code=$?
"$OMNITRON" doctor . >doctor.out 2>&1
doctor=$?
tail -3 doctor.out
echo "run $code, doctor $doctor"
[ $code -eq 2 ] && [ $doctor -ne 0 ]
