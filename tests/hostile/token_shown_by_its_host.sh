#!/bin/sh
# tries: a page of the host that shows the token: as JSON escapes it, percent-encoded, hexadecimal, in base64, backwards, in a header
# exit: 0
# says: ^ended$
# never: ^shown
mkdir served
: >served/url
token=$(cat token)
one() { printf '  "GET /api/v1/%s/": { "headers": { "X-A": "%s" }, "body": "%s" },\n' "$1" "$3" "$2"; }
{
    echo '{'
    one raw "a $token b" x
    one escaped "$(printf %s "$token" | perl -pe 's/(.)/sprintf "\\\\u%04x", ord $1/ge')" x
    one percent "$(printf %s "$token" | perl -pe 's/(.)/sprintf "%%%02X", ord $1/ge')" x
    one hex "$(printf %s "$token" | od -An -tx1 | tr -d ' \n')" x
    one base64 "$(printf %s "Token $token" | base64 -w0)" x
    one behind "$(printf %s "ab$token" | base64 -w0)" x
    one backwards "$(printf %s "$token" | rev)" x
    one head x "a $token"
    one head64 x "$(printf %s "$token" | base64 -w0)"
    printf '  "GET /api/v1/moved/": { "status": 302, "headers": { "Location": "/?t=%s" } },\n' "$token"
    printf '  "GET /api/v1/refused/": { "status": 400, "body": "no, %s" },\n' "$token"
    echo '  "GET /api/v1/fine/": { "body": "{}" } }'
} >served/replies.json
"$OMNITRON" mock --token "$token" --serve served >served/url 2>served/err &
host=$!
until grep -q '^http' served/url; do sleep 0.05; done
printf 'return { url = "%s", token_file = "token" }\n' "$(head -n 1 served/url)" >profile.lua
cat >case.lua <<'END'
for _, name in ipairs { "raw", "escaped", "percent", "hex", "base64", "behind", "backwards",
    "head", "head64", "moved", "refused" } do
  local reply, message = omnitron.get("/api/v1/" .. name .. "/")
  print(tostring(message):find("is kept back", 1, true) and "kept" or "shown " .. name .. " " .. tostring(message))
end
assert(omnitron.get("/api/v1/fine/"))
print("ended")
END
"$OMNITRON" run case.lua
code=$?
kill $host
rm -r served
exit $code
