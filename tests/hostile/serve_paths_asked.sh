#!/bin/sh
# tries: to ask a mock for paths that lead out of what it serves
# bound: 30
mkdir served
echo '{"GET /x":"a.json"}' >served/replies.json
echo '{}' >served/a.json
"$OMNITRON" mock --serve served >url 2>/dev/null &
mock=$!
n=0
while [ ! -s url ] && [ $n -lt 100 ]; do sleep 0.05; n=$((n + 1)); done
for path in /../token /%2e%2e/token /x/../../token /a.json//../../token "/\\..\\token" /x%00/../token; do
    curl -s -m 5 --path-as-is "$(cat url)$path"
done
printf 'GET /x HTTP/1.1\r\nHost: \r\nContent-Length: 99999999999999999999\r\n\r\n' | timeout 2 curl -s telnet://"$(sed 's|http://||' url)"
head -c 300000 /dev/zero | tr '\0' a | timeout 5 curl -s -m 4 telnet://"$(sed 's|http://||' url)" >/dev/null
curl -s -m 5 "$(cat url)/x"
kill $mock
wait $mock
[ $? -le 143 ]
