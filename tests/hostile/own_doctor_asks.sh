#!/bin/sh
# tries: doctor in a folder of another user, whose profile leads the token to a listener
# needs: root
sed -i "s|url = .*|url = \"$EVIL\",|" profile.lua
chown -R 12345 .
"$OMNITRON" doctor .
code=$?
chown 12345 ..
"$OMNITRON" doctor --profile profile.lua
[ $code -ne 0 ] && [ -z "$(ls "$RECORDED")" ]
