#!/bin/sh
# tries: a token file with a second name
# sent: 0
echo 'omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true }' >case.lua
ln token second
"$OMNITRON" run case.lua
code=$?
"$OMNITRON" doctor . >doctor.out 2>&1
doctor=$?
tail -3 doctor.out
echo "run $code, doctor $doctor"
rm -f second
[ $code -eq 2 ] && [ $doctor -eq 2 ]
