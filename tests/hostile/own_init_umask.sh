#!/bin/sh
# tries: init and journal new under umask 000
umask 000
"$OMNITRON" init made >/dev/null || exit
"$OMNITRON" journal new . 2>/dev/null
find made -perm /022 ! -type l | tee loose
[ ! -s loose ]
