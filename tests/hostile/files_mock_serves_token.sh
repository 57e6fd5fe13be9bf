#!/bin/sh
# tries: a mock's folder that publishes what lies outside of it: .., an absolute path, a link, a pipe
# exit: 0
mkdir -p site
ln -s ../token site/link
mkfifo site/pipe
for name in ../token "$PWD/token" link ./../token site/../../token pipe /etc/passwd; do
    printf '{"GET /x": "%s"}' "$name" >site/replies.json
    timeout -k 5 20 "$OMNITRON" mock --serve site >said 2>&1
    [ $? = 2 ] || { echo "$name was served"; exit 1; }
    cat said
done
