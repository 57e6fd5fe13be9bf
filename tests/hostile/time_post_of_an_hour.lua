-- tries: a POST that may take an hour to a host that is silent
-- exit: 143
-- signal: TERM 1
-- says: POST http://127\.0\.0\.1:\d+/orders was under way; whether it was received is not known
-- never: key=1
-- setup: perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 9, LocalAddr => "127.0.0.1"); open my $f, ">", "port"; print $f $s->sockport; close $f; exit if fork; close STDOUT; close STDERR; alarm 100; push @c, $s->accept while 1'
local port = io.open("port"):read("a")
local rows = {}
for i = 1, 30 do
  rows[i] = i
end
omnitron.each(rows, function(i)
  if i == 1 then
    pcall(http.post, "http://127.0.0.1:" .. port .. "/orders?key=1",
      { timeout = 3600, body = "x" })
  end
  while true do
    pcall(sleep, 0)
    pcall(omnitron.remember, "key" .. i, i)
  end
end, { at_once = 30 })
