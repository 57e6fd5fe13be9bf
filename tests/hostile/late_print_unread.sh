#!/bin/sh
# tries: print into a pipe that nobody reads, past the deadline
# exit: 0
# bound: 25
cat >case.lua <<'END'
for _ = 1, 100 do print(("x"):rep(65536)) end
END
mkfifo out
exec 3<>out
"$OMNITRON" run --deadline 1s case.lua >out
code=$?
exec 3>&-
echo "ended with $code"
[ $code -ne 70 ] && [ $code -lt 128 ]
