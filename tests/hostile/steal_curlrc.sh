#!/bin/sh
# tries: passwords and proxies from files in the home folder: .netrc, .curlrc, a cookie jar
# exit: 0
# sent: 1
printf 'machine 127.0.0.1 login me password netrc-password\ndefault login me password netrc-password\n' >"$HOME/.netrc"
chmod 600 "$HOME/.netrc"
echo "proxy = $EVIL" >"$HOME/.curlrc"
cat >case.lua <<'END'
assert(http.get(arg[1] .. "/erp"))
assert(http.post(arg[1] .. "/erp", { body = "x" }))
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
END
"$OMNITRON" run case.lua "$EVIL" "$MOCK" || exit
! grep -rqiE 'authorization|netrc|cookie' "$RECORDED"
