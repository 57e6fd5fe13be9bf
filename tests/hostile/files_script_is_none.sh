#!/bin/sh
# tries: a script, a test and a list of items that are a pipe, a device, a folder, a loop or sparse
# exit: 0
mkfifo pipe; ln -s loop loop; truncate -s 4G sparse.lua
for path in pipe /dev/zero . loop sparse.lua /proc/self/mem; do
    timeout -k 5 60 "$OMNITRON" run $path </dev/null
    case $? in 1 | 2) ;; *) echo "$path: exit $?"; exit 1 ;; esac
    timeout -k 5 60 "$OMNITRON" journal settle --from $path --done --note x </dev/null
    case $? in 1 | 2) ;; *) echo "--from $path: taken"; exit 1 ;; esac
done
