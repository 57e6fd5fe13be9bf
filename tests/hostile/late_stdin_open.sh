#!/bin/sh
# tries: the same with a pipe that is open and stays silent
# exit: 0
# bound: 25
echo 'print(pcall(io.read, "a")) print(pcall(csv.rows, "/dev/stdin"))' >case.lua
mkfifo in
exec 3<>in
"$OMNITRON" run --deadline 1s case.lua <in
code=$?
echo "ended with $code"
[ $code -eq 1 ] || [ $code -eq 5 ] || [ $code -eq 0 ]
