# tries: a line of the repl that reads what nobody writes: Ctrl-C stops it
mkfifo in
sleep 300 >in &
writer=$!
echo 'io.open("in"):read("a")' >lines
"$OMNITRON" repl --mock <lines 2>&1 &
repl=$!
sleep 1
kill -INT $repl
(sleep 45; kill -KILL $repl) 2>/dev/null &
bound=$!
wait $repl
code=$?
kill $writer $bound 2>/dev/null
echo "code $code"
test $code = 130
