#!/bin/sh
# tries: log lines and errors into a pipe that nobody reads, past a SIGTERM
# exit: 0
# bound: 25
cat >case.lua <<'END'
for _ = 1, 100 do log.warn(("x"):rep(65536)) io.stderr:write(("y"):rep(65536)) end
END
mkfifo err
exec 3<>err
"$OMNITRON" run --deadline 1s case.lua 2>err
code=$?
exec 3>&-
echo "ended with $code"
[ $code -ne 70 ]
