#!/bin/sh
# tries: a download into a disk that is full, past the deadline
# exit: 0
# bound: 30
echo 'print(pcall(http.get, arg[1] .. "/x", { save_to = "/dev/full" }))' >case.lua
"$OMNITRON" run --deadline 2s case.lua "$EVIL"
[ $? -le 5 ]
