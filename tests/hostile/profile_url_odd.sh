#!/bin/sh
# tries: URLs that lead elsewhere: user, path, query, NUL
# sent: 0
# bound: 40
echo 'omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true }' >case.lua
cat >profile.lua <<END
return { url = "http://127.0.0.1:1@$(echo $EVIL | cut -c8-)/x?y", token_file = "token" }
END
for command in "run case.lua" "doctor ." "plan case.lua" "check case.lua" "cron case.lua" "why 1"; do
    timeout -k 1 30 "$OMNITRON" $command >out 2>&1
    code=$?
    tail -2 out
    echo "exit $code of $command"
    [ $code -eq 124 ] || [ $code -ge 128 ] || [ $code -eq 70 ] && exit 1
done
"$OMNITRON" run case.lua
[ $? -eq 2 ]
