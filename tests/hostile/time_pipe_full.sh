# tries: prints into a pipe that nobody reads, which is stderr, too
mkfifo full
sleep 300 <full &
reader=$!
cat >script.lua <<'E'
while true do
  pcall(print, ("x"):rep(1000))
  pcall(log.warn, ("x"):rep(1000))
end
E
"$OMNITRON" run script.lua >full 2>&1 &
run=$!
sleep 1
kill -TERM $run
(sleep 45; kill -KILL $run) 2>/dev/null &
bound=$!
wait $run
code=$?
kill $reader $bound 2>/dev/null
echo "code $code"
test $code = 143
