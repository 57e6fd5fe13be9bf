#!/bin/sh
# tries: mock --serve with files above its folder, absolute ones, links out of it, FIFOs, devices
# bound: 60
# never: served \S|root:|SQLite
mkdir served
ln -s ../token served/link
ln -s .. served/up
mkfifo served/fifo
for file in ../token "$PWD/token" ./../token x/../../token link up/token /etc/passwd fifo /dev/zero ../journal.db "" . ..; do
    printf '{"GET /x":"%s"}' "$file" >served/replies.json
    rm -f url
    text=
    timeout -k 1 5 "$OMNITRON" mock --serve served >url 2>err &
    mock=$!
    n=0
    while [ ! -s url ] && kill -0 $mock 2>/dev/null && [ $n -lt 30 ]; do sleep 0.05; n=$((n + 1)); done
    [ -s url ] && text=$(curl -sf -m 2 "$(cat url)/x" | head -c 1000 | tr -d '\0')
    [ "$text" ] && echo "served $file: $text"
    kill $mock 2>/dev/null
    wait $mock 2>/dev/null
done
true
