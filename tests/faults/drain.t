#!/usr/bin/perl
# A signal while a script's own POST is on its way to an ERP: an order that is
# created twice costs as much as a release. The POST comes to its end, the
# script hears of it, and no further request leaves.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::INET;
use Rig;
use Test::More;

my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1')
    or die "no server: $!\n";
my $port = $listener->sockport;
my ($got, $log) = map { folder() . "/$_" } qw(got log);

# Answers when the file `go` is there.
sub serve {
    while (my $client = $listener->accept) {
        my $request = '';
        while ($request !~ /\r\n\r\n/) {
            sysread($client, $request, 4096, length $request) or last;
        }
        open my $file, '>>', $got or die;
        print {$file} (split /\r\n/, $request)[0], "\n";
        close $file;
        select undef, undef, undef, 0.02 until -e folder() . '/go';
        print {$client} "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
            . "Connection: close\r\n\r\n{}";
        close $client;
    }
}

my $server = fork // die;
if (!$server) {
    serve();
    require POSIX;
    POSIX::_exit(0);
}
spill(folder() . '/s.lua', <<"LUA");
for i = 1, 5 do
  local reply = http.post("http://127.0.0.1:$port/order/" .. i, { json = {} })
  local file <close> = io.open("$log", "a")
  file:write(i, " ", tostring(reply and reply.status), "\\n")
end
LUA
my $job = spawn('run', $ENV{OMNITRON}, 'run', '--mock', '--live-erp',
    folder() . '/s.lua');
for (1 .. 1000) {
    last if -s $got;
    select undef, undef, undef, 0.02;
}
kill 'TERM', $job->{pid};
select undef, undef, undef, 0.2;
spill(folder() . '/go', '');
my ($code, $out, $err) = finish($job);
is($code, 143, 'exit 143') or diag($err);
is(slurp($got), "POST /order/1 HTTP/1.1\n", 'one request left');
is(slurp($log), "1 200\n", 'and the script knows what became of it');
kill 'KILL', $server;
waitpid $server, 0;
done_testing;
