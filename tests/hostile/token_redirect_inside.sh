#!/bin/sh
# tries: redirects from an outside address to this machine and the networks around it
# needs: netns
# exit: 0
# says: ^ended$
# never: ^led in
. "$CASES/lib/names.sh"
mkdir served inner
certificate -subj /CN=test -addext "subjectAltName=IP:127.0.0.1,IP:203.0.113.7,\
IP:0.0.0.0,IP:::ffff:127.0.0.1,IP:10.1.2.3,IP:169.254.169.254,\
DNS:inside.attacker.example"
cat >served/replies.json <<'END'
{ "GET /name": { "status": 302, "headers": { "Location": "https://inside.attacker.example:4431/in" } },
  "GET /loop": { "status": 302, "headers": { "Location": "https://127.0.0.1:4431/in" } },
  "GET /mapped": { "status": 302, "headers": { "Location": "https://[::ffff:127.0.0.1]:4431/in" } },
  "GET /zero": { "status": 302, "headers": { "Location": "https://0.0.0.0:4431/in" } },
  "GET /private": { "status": 302, "headers": { "Location": "https://10.1.2.3:4431/in" } },
  "GET /link": { "status": 302, "headers": { "Location": "https://169.254.169.254:4431/in" } },
  "GET /self": { "status": 302, "headers": { "Location": "/name" } },
  "GET /good": { "status": 302, "headers": { "Location": "/fine" } },
  "GET /plain": { "status": 302, "headers": { "Location": "http://203.0.113.7:8080/fine" } },
  "GET /fine": { "body": "fine" } }
END
printf '{ "GET /in": { "body": "in" }, "GET /round": { "status": 302, "headers": { "Location": "https://127.0.0.1:4431/in" } } }' >inner/replies.json
"$OMNITRON" mock --port 4430 --cert cert.pem --key key.pem --serve served >outer.url 2>outer.err &
"$OMNITRON" mock --port 4431 --cert cert.pem --key key.pem --serve inner >inner.url 2>inner.err &
ready outer.url '^https'
ready inner.url '^https'
"$OMNITRON" mock --port 8081 --serve served >plain.url 2>plain.err &
ready plain.url '^http'
# The mock listens on 127.0.0.1; from outside it is reached by another address.
relay() {
    perl "$CASES/lib/relay.pl" "$@" >"relay.$1.$2" &
    ready "relay.$1.$2" ready
}
relay 203.0.113.7 4432 127.0.0.1 4430
relay 203.0.113.7 8080 127.0.0.1 8081
relay 10.1.2.3 4431 127.0.0.1 4431
relay 169.254.169.254 4431 127.0.0.1 4431
cat >case.lua <<'END'
local out = "https://203.0.113.7:4432"
local more = { ca_file = here "cert.pem", tries = 1 }
assert(http.get("https://127.0.0.1:4431/in", more)) -- a connection that could be used again
for _, path in ipairs { "/name", "/loop", "/mapped", "/zero", "/private",
    "/link", "/self", "/plain" } do
  local reply, message = http.get(out .. path, more)
  print(reply and "led in by " .. path or message)
end
assert(http.get(out .. "/good", more).body == "fine")
assert(http.get("https://127.0.0.1:4431/round", more).body == "in")
assert(http.get("https://127.0.0.1:4430/loop", more).body == "in")
print("ended")
END
"$OMNITRON" run --mock --live-erp case.lua
