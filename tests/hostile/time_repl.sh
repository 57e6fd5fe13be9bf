# tries: a line of the repl that reads what nobody writes: Ctrl-C stops it
mkfifo in
(echo 'io.read("a")'; exec sleep 300) >in &
writer=$!
"$OMNITRON" repl --mock <in 2>&1 &
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
