# names.sh: sourced first by a case, which is then run again in a network, with
# names and processes, of its own: acme.omnitron.test is 127.0.0.1, what looks
# like it 127.0.0.2, and 203.0.113.7 an address that is not inside. What was
# started in them ends with the case.
if [ -z "$IN_NAMES" ]; then
    IN_NAMES=1 exec unshare -nm --pid --fork --kill-child --mount-proc sh "$0"
fi
ip link set lo up
ip address add 203.0.113.7/32 dev lo
ip address add 169.254.169.254/32 dev lo
ip address add 10.1.2.3/32 dev lo
cat >hosts <<'END'
127.0.0.1 acme.omnitron.test inside.attacker.example
127.0.0.2 acme.omnitron.test.attacker.example attacker.example
127.0.0.2 acme.omnitron.testattacker.example acme.omnitron.test-x.example
203.0.113.7 outside.attacker.example
END
mount --bind hosts /etc/hosts

# One certificate for all of them. Further options are openssl's.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
        -nodes -keyout key.pem -out cert.pem -days 3 "$@" 2>openssl.err
}

certificate -subj /CN=test -addext "subjectAltName=DNS:acme.omnitron.test,\
DNS:attacker.example,DNS:*.attacker.example,\
DNS:acme.omnitron.test.attacker.example,DNS:acme.omnitron.testattacker.example,\
DNS:acme.omnitron.test-x.example,IP:127.0.0.1,IP:127.0.0.2,IP:203.0.113.7"

# Until the line is in the file, which is what makes a server ready.
ready() {
    until grep -q "$2" "$1" 2>/dev/null; do sleep 0.05; done
}

# The Omnitron behind a port of acme.omnitron.test; options are the mock's.
omnitron_at() {
    "$OMNITRON" mock --port "$1" --cert cert.pem --key key.pem \
        --items 1-99 --token "$(cat token)" >"mock.$1" 2>&1 &
    ready "mock.$1" '^https://'
    printf 'return { url = "%s", token_file = "token",\n' "$2" >profile.lua
    printf '  ca_file = "cert.pem" }\n' >>profile.lua
}

# Whoever comes to ADDRESS:PORT is heard in the file `heard`.
listen_at() {
    while :; do sleep 5; done | openssl s_server -accept "$1" -cert cert.pem \
        -key key.pem -naccept 50 >"heard.$1" 2>&1 &
    ready "heard.$1" '^ACCEPT'
}

# Nobody heard the token, and `ok` says that the run came to its end.
nobody_heard() {
    if grep -F "$(cat token)" heard.* >/dev/null; then
        echo "the token was heard by a look-alike"
        rm -f heard.*
        exit 1
    fi
}
