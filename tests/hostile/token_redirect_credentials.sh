#!/bin/sh
# tries: credentials of every kind after a redirect to another host, another port, and back
# needs: netns
# exit: 0
# says: ^ended$
# never: ^leaked
. "$CASES/lib/names.sh"
mkdir served other
cat >served/replies.json <<'END'
{ "GET /go": { "status": 302, "headers": { "Location": "https://attacker.example:4431/got" } },
  "GET /back": { "status": 302, "headers": { "Location": "https://attacker.example:4431/back" } },
  "GET /port": { "status": 302, "headers": { "Location": "https://127.0.0.1:4431/got" } },
  "GET /home": { "body": "home" } }
END
cat >other/replies.json <<'END'
{ "GET /got": { "body": "got" },
  "GET /back": { "status": 302, "headers": { "Location": "https://127.0.0.1:4430/home" } } }
END
"$OMNITRON" mock --port 4430 --cert cert.pem --key key.pem --serve served >outer.url 2>outer.err &
"$OMNITRON" mock --port 4431 --cert cert.pem --key key.pem --serve other >inner.url 2>inner.err &
ready outer.url '^https'
ready inner.url '^https'
sed 's/^127.0.0.2 \(.*attacker.example attacker.example\)$/127.0.0.1 \1/' hosts >hosts.new
cat hosts.new >/etc/hosts
cat >case.lua <<'END'
local home = "https://127.0.0.1:4430"
local ca = here "cert.pem"
for _, path in ipairs { "/go", "/port", "/back" } do
  for _, with in ipairs { { bearer = "secret-1" }, { basic = { "u", "secret-2" } },
      { headers = { Cookie = "secret-3" } }, { headers = { Authorization = "secret-4" } },
      { headers = { ["X-Api-Key"] = "secret-5", ["x-accept"] = "secret-6",
        ["Accept-Secret"] = "secret-7", Referer = "secret-8" } } } do
    with.ca_file, with.tries = ca, 1
    print(assert(http.get(home .. path, with)).body)
  end
end
local heard = json.encode(http.get("https://127.0.0.1:4431/__mock__/received", { ca_file = ca }):json())
print(heard:find("secret") and "leaked " .. heard or "ended")
END
"$OMNITRON" run --mock --live-erp case.lua
