#!/usr/bin/perl
# http_stream.t: replies that were compressed, and those that a script reads
# line by line: in little memory however large they are, and with an error
# where they do not come to their end.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Compress::Gzip qw(gzip $GzipError);
use IO::Socket::INET;
use POSIX ();
use Rig;
use Test::More;

my $large = $ENV{OMNITRON_SOAK} ? 1_000 : 100; # MB
my $zeros = "\0" x 70_000_000;
gzip(\$zeros => \my $bomb) or die $GzipError;
gzip(\('{"a": 5, "b": "' . 'x' x 1000 . '"}') => \my $packed);

sub head {
    my ($status, %headers) = @_;
    return join "\r\n", "HTTP/1.1 $status Some Reason",
        (map { "$_: $headers{$_}" } sort keys %headers), '', '';
}

sub whole {
    my ($body, %more) = @_;
    return head(200, 'Content-Length' => length $body, %more) . $body;
}

sub chunk { return sprintf "%x\r\n%s\r\n", length $_[0], $_[0] }

my @gzip = ('Content-Encoding' => 'gzip');
my %answers = (
    '/gzip' => whole($packed, @gzip),
    '/bomb' => whole($bomb, @gzip),
    '/gzip-cut' => whole(substr($packed, 0, -12), @gzip),
    '/gzip-none' => whole('no gzip at all', @gzip),
    '/lines' => whole("\xEF\xBB\xBFone\r\ntwo\n\n\r\nlast"),
    '/ended' => whole("one\ntwo\n"),
    '/empty' => whole(''),
    '/chunked' => head(200, 'Transfer-Encoding' => 'chunked')
        . join('', map { chunk($_) } 'on', "e\n", "tw", "o\nthree\n", ''),
    '/cut' => head(200, 'Content-Length' => 100) . "one\ntwo\nthr",
    '/chunk-cut' => head(200, 'Transfer-Encoding' => 'chunked')
        . chunk("one\ntwo\n"),
    '/long' => whole("short\n" . 'x' x 3_000_000),
    '/none' => head(404, 'Content-Length' => 9) . "not there",
    '/to' => head(302, Location => '/ended', 'Content-Length' => 0),
);

sub send_large {
    my ($socket) = @_;
    my $lines = join '', map { "line $_ " . 'x' x 990 . "\n" } 1 .. 1000;
    print {$socket} head(200, 'Content-Length' => $large * length $lines);
    for (1 .. $large) {
        print {$socket} $lines or return;
    }
}

sub answer {
    my ($socket) = @_;
    my $request = '';
    while ($request !~ /\r\n\r\n/) {
        sysread $socket, $request, 4096, length $request or return;
    }
    my ($path) = $request =~ /^GET (\S+)/ or return;
    $socket->autoflush(1);
    if ($path eq '/echo') {
        print {$socket} whole($request);
    } elsif ($path eq '/large') {
        send_large($socket);
    } elsif ($path eq '/silent') {
        print {$socket} head(200), "one\n";
        sysread $socket, my $byte, 1;
    } else {
        print {$socket} $answers{$path};
    }
}

sub serve {
    my ($listener) = @_;
    $SIG{CHLD} = 'IGNORE';
    $SIG{PIPE} = 'IGNORE';
    while (1) {
        my $socket = $listener->accept or next;
        if (!fork) {
            answer($socket);
            shutdown $socket, 2;
            POSIX::_exit(0);
        }
        close $socket;
    }
}

my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 16)
    or die "no server: $!\n";
my $base = 'http://127.0.0.1:' . $listener->sockport;
my $server = fork // die "fork: $!\n";
serve($listener) if !$server;
close $listener;

# What a script prints, and its last words.
sub prints {
    my ($script) = @_;
    my $path = folder() . '/script.lua';
    spill($path, "local base = arg[1]\n$script");
    my ($code, $out, $err) = omnitron('run', '--mock', $path, $base);
    return $code == 0 ? $out : "$out$err";
}

my $print_lines = <<'END';
local function show(path, options)
  local ok, e = pcall(function()
    for line in http.lines(base .. path, options) do
      io.write("<", line, ">")
    end
  end)
  print(ok and "." or (e:gsub("127.0.0.1:%d+", "HOST")))
end
END

sub lines_are {
    my ($path, $wanted, $options) = @_;
    my $got = prints("$print_lines show('$path', "
        . ($options // 'nil') . ')');
    is($got, "$wanted\n", "the lines of $path");
}

is(prints(<<'END'), "5\tgzip\n", 'a compressed reply is unpacked');
local reply = assert(http.get(base .. "/gzip"))
print(reply:json().a, reply.headers["content-encoding"])
END

like(prints('print(http.get(base .. "/echo").body)'),
    qr/^Accept-Encoding: gzip\r?$/m,
    'it is asked for');
unlike(prints(<<'END'), qr/Accept-Encoding/, 'but not into a file, or a stream');
local path = os.getenv("TMPDIR") or "/tmp"
path = path .. "/http_stream." .. tostring(http):match("%x+$")
http.get(base .. "/echo", { save_to = path })
for line in io.lines(path) do print(line) end
os.remove(path)
for line in http.lines(base .. "/echo") do print(line) end
END

like(prints('print(select(2, http.get(base .. "/bomb")))'),
    qr/the reply is too large \(more than 64 MiB/,
    'the limit counts what was unpacked');
like(prints(<<'END'), qr/^nil\tprotocol\n$/, 'what is not what it says fails');
local reply, _, kind = http.get(base .. "/gzip-none")
print(reply, kind)
END
like(prints(<<'END'), qr/^nil\t/, 'what was compressed and cut fails');
local reply, message, kind = http.get(base .. "/gzip-cut")
print(reply, message)
END

lines_are('/lines', '<one><two><><><last>.');
lines_are('/ended', '<one><two>.');
lines_are('/empty', '.');
lines_are('/chunked', '<one><two><three>.');
lines_are('/to', '<one><two>.');

# A piece that came together with the end of the transfer is part of a reply
# that never was whole: it may be read, or not, before the error.
for my $path ('/cut', '/chunk-cut') {
    like(prints("$print_lines show('$path', { tries = 1 })"),
        qr/script.lua:\d+: GET http:\/\/HOST$path: [^\n]*\n$/,
        "$path does not come to its end");
}
like(prints("$print_lines show('/silent', { timeout = 1, tries = 1 })"),
    qr/^(<one>)?script.lua:\d+: GET [^\n]*\n$/, 'silence ends a stream');
like(prints("$print_lines show('/long')"),
    qr{^<short>script.lua:\d+: [^\n]*/long: a line of more than 1 MiB, after},
    'a line has a limit');
like(prints("$print_lines show('/none')"),
    qr/^script.lua:\d+: GET http:\/\/HOST\/none answered 404: not there\n$/,
    'a refusal raises');
like(prints("$print_lines show('/lines', { json = 1 })"),
    qr/^script.lua:\d+: bad argument to http.lines: unknown option "json"/,
    'its options are few');

# Memory: the most that a run ever had, in KiB, of what prints that.
sub peak_of {
    my ($wanted, $script) = @_;
    my $file = folder() . '/usage';
    unlink $file;
    local $ENV{LD_PRELOAD} = "$ENV{BUILD}/faults/usage.so";
    local $ENV{USAGE_FILE} = $file;
    is(prints($script), $wanted, 'the lines are all there');
    my ($kib) = slurp($file) =~ /^(\d+) \d+ omnitron$/m or die 'no usage';
    return $kib;
}
SKIP: {
    skip 'the sanitizer has a memory of its own', 3 if is_asan();
    my $before = peak_of("nothing\n", 'print("nothing")');
    my $after = peak_of("true\ttrue\n", <<"END");
local n, bytes = 0, 0
for line in http.lines(base .. "/large") do
  n, bytes = n + 1, bytes + #line
  if n % 10000 == 1 then sleep(0.05) end -- it may run full meanwhile
end
print(n == $large * 1000, bytes > $large * 990000)
END
    cmp_ok($after - $before, '<', 20_000, "$large MB in less than 20");
}

is(prints(<<"END"), "1\n1\n1\n1\n1\n1\n5\n", 'many that are left early');
for i = 1, 6 do
  local n = 0
  for line in http.lines(base .. "/large") do
    n = n + 1
    break
  end
  print(n)
end
print(http.get(base .. "/gzip"):json().a)
END

is(prints(<<'END'), "8\n", 'streams do not stand in the way of requests');
local n = 0
omnitron.each({ 1, 2, 3, 4, 5, 6, 7, 8 }, function()
  for line in http.lines(base .. "/ended") do
    if line == "one" then
      assert(http.get(base .. "/gzip"):json().a == 5)
      n = n + 1
    end
  end
end, { at_once = 8 })
print(n)
END

kill 'TERM', $server;
waitpid $server, 0;
done_testing;
