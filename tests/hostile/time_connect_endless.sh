# tries: a proxy whose answer to CONNECT has no end
perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(Listen => 9, LocalAddr => "127.0.0.1");
    open my $f, ">", "port"; print $f $s->sockport; close $f;
    exit if fork;
    close STDOUT; close STDERR; alarm 100; $SIG{PIPE} = $SIG{CHLD} = "IGNORE";
    while ($c = $s->accept) {
        next if fork;
        sysread $c, $_, 65536;
        syswrite $c, "HTTP/1.1 407 No\r\nContent-Length: 99999999999\r\n\r\n";
        1 while syswrite $c, "x" x 10000;
        exit;
    }'
cat >profile.lua <<E
return { url = "https://127.0.0.1:1", token_file = "token",
  proxy = "http://127.0.0.1:$(cat port)" }
E
rm -f journal.db*
"$OMNITRON" journal new . >/dev/null || exit 9
echo 'print(omnitron.release { order_item_id = 1, code = "SO-1" })' >script.lua
"$OMNITRON" run --deadline 1s script.lua 2>&1 &
run=$!
(sleep 45; kill -KILL $run) 2>/dev/null &
bound=$!
wait $run
code=$?
kill $bound 2>/dev/null
echo "code $code"
test $code = 5
