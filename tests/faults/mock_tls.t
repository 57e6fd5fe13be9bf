#!/bin/sh
# The mock as a command, over https: its options reach it; a good
# certificate is taken, and one for another name, one that has expired and one
# that nobody vouches for are each refused by curl for that very reason.
# Faults that end a connection work as over http.
set -u
work=$(mktemp -d) || exit 1
mock=
trap '[ -z "$mock" ] || kill "$mock"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
count=0

ok() { # NAME COMMAND...: a test
    count=$((count + 1))
    name=$1
    shift
    if "$@"; then echo "ok $count - $name"; else echo "not ok $count - $name"; fi
}

quiet() { "$@" 2>>openssl.err || { cat openssl.err >&2; exit 1; }; }

key() {
    quiet openssl ecparam -genkey -name prime256v1 -noout -out "$1.key"
}

# NAME SUBJECTALTNAME SINCE-UNTIL-OPTIONS...: a certificate of our authority.
cert() {
    name=$1 alt=$2
    shift 2
    key "$name"
    quiet openssl req -new -key "$name.key" -subj "/CN=mock" -out "$name.csr"
    echo "subjectAltName=$alt" >"$name.ext"
    quiet openssl ca -batch -config ca.conf -extfile "$name.ext" "$@" \
        -in "$name.csr" -out "$name.pem" -notext -cert ca.pem -keyfile ca.key
}

cat >ca.conf <<'END'
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
END
: >index
echo 01 >serial
key ca
quiet openssl req -x509 -new -key ca.key -subj "/CN=test authority" \
    -days 30 -out ca.pem
cert good IP:127.0.0.1 -days 30
cert other DNS:acme.example -days 30
cert old IP:127.0.0.1 -startdate 20200101000000Z -enddate 20200102000000Z
key own
quiet openssl req -x509 -new -key own.key -subj "/CN=127.0.0.1" \
    -addext subjectAltName=IP:127.0.0.1 -days 30 -out own.pem

start() { # CERTIFICATE OPTIONS...
    : >url
    name=$1
    shift
    "$OMNITRON" mock --cert "$name.pem" --key "$name.key" "$@" >url &
    mock=$!
    until [ -s url ]; do
        kill -0 "$mock" 2>/dev/null || return 1
        sleep 0.02
    done
    read -r url <url
}

stop() { # a leak or a crash says so in its exit code
    kill "$mock" && wait "$mock"
    code=$?
    mock=
    return $code
}

get() { # PATH: curl's exit code; what it got is in reply
    curl -sS -m 20 --cacert ca.pem -H 'Authorization: Token mock' \
        "$url$1" >reply 2>curl.err
}

map() {
    curl -sS -m "${2-20}" --cacert ca.pem -H 'Authorization: Token mock' \
        -H 'Content-Type: application/json' -d '{"code":"abc"}' \
        "$url/api/i1/order_items/$1/create_mapping/" >reply 2>curl.err
}

refused() { # PATTERN: by the client, which says why
    get /__mock__/ledger
    [ $? -eq 60 ] && grep -qi "$1" curl.err && return 0
    cat curl.err >&2
    return 1
}

fails() { # CODE COMMAND...: curl ends so
    want=$1
    shift
    "$@"
    [ $? -eq "$want" ] && return 0
    cat curl.err >&2
    return 1
}

start good --fault drop-after@5,reset-read@6 --fault silence@7,status:503@8
ok 'the address is https' test "${url%%:*}" = https
ok 'a good certificate is taken' get /__mock__/ledger
ok 'the body' test "$(cat reply)" = '[]'
map 4
ok 'a release is applied' grep -q '"object_id":4,' reply
ok 'closed without a reply' fails 52 map 5
ok 'reset' fails 56 map 6
ok 'never answered' fails 28 map 7 1
map 8
ok 'a status' grep -q 'told to answer 503' reply
ok 'the mock ends well' stop

start good --outage 404
map 4
ok 'down from the start' grep -q '<h1>Not Found</h1>' reply
get /__mock__/requests
ok 'what it counts' \
    test "$(cat reply)" = '{"POST order_items/#/create_mapping/":1}'
ok 'the mock ends well' stop

start good --token-uses 1
map 4
ok 'a token is good' grep -q '"object_id":4,' reply
map 5
ok 'and expires' grep -q 'Token has expired' reply
ok 'the mock ends well' stop

start good --fault huge=1
map 4
ok 'two MiB come over TLS' test "$(wc -c <reply)" -gt 2097152
ok 'the mock ends well' stop

start other
ok 'another name' refused 'subject name\|does not match'
ok 'the mock ends well' stop
start old
ok 'expired' refused 'expired'
ok 'the mock ends well' stop
start own
ok 'self-signed' refused 'self.signed'
ok 'the mock ends well' stop
echo "1..$count"
