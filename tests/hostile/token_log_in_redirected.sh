#!/bin/sh
# tries: a user's name and password after a log-in that is redirected to a look-alike
# needs: netns
# exit: 0
# says: ^ended$
. "$CASES/lib/names.sh"
mkdir served
printf '{ "POST /api/i1/auth/login/": { "status": 307, "headers": { "Location": "https://attacker.example:4431/api/i1/auth/login/" } } }' >served/replies.json
"$OMNITRON" mock --port 443 --cert cert.pem --key key.pem --serve served >outer.url 2>outer.err &
ready outer.url '^https'
listen_at 127.0.0.2:4431
printf 'the-password-word\n' >password
chmod 600 password
printf 'return { url = "https://acme.omnitron.test", username = "me", password_file = "password", ca_file = "cert.pem" }\n' >profile.lua
cat >case.lua <<'END'
print(pcall(omnitron.get, "/api/i1/orders/"))
print(pcall(omnitron.post, "/api/i1/x/", {}))
print("ended")
END
"$OMNITRON" run case.lua
grep -F the-password-word heard.* && exit 1
nobody_heard
