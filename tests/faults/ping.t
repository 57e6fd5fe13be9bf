#!/usr/bin/perl
# run --ping: what a dead-man switch hears of runs that end in every way, from
# a switch that answers, errs, sends elsewhere, thinks long or is not there.
# Whatever it does, the run is the same.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Rig;
use Test::More;
use Time::HiRes 'sleep';
use Tls;

delete $ENV{TERM};
alarm 300; # a run that does not end fails

my $token = 'a-token-that-is-no-word';
my $uuid = '5f1c8d1e-73c4-4d5a-9a1e-0c9a6f3b2d11';
my $mock = start_mock('--items', '1-999999', '--token', $token);
my $acme = customer('acme', $token, qq(url = "$mock->{url}"),
    'token_file = "token"');
spill("$acme/release.lua", 'assert(omnitron.release{ '
    . 'order_item_id = tonumber(arg[1]), code = "SO-" .. arg[1] })');
my $item = 100;
my @switches;

# A switch. Each request that came goes to a file; what is answered to one
# whose path fits is by `how`: a reply's first line, '' for none at all, or a
# file that has to be there first; FILE.gone says that nobody waited for it.
sub answer {
    my ($socket, $how) = @_;
    my $gone = IO::Select->new($socket);
    while ($how =~ m{^/} && !-e $how) {
        if ($gone->can_read(0.01)) {
            spill("$how.gone", '');
            return;
        }
    }
    $how = 'HTTP/1.1 200 OK' if $how =~ m{^/};
    print {$socket} "$how\r\nContent-Length: 2\r\nConnection: close\r\n"
        . "Location: /elsewhere\r\n\r\nOK";
    close $socket;
}

sub serve {
    my ($listener, $log, $how, $default) = @_;
    $SIG{CHLD} = 'IGNORE';
    while (my $socket = $listener->accept) {
        next if fork;
        my $text = '';
        while ($text !~ /\r\n\r\n/) {
            sysread $socket, $text, 65536, length $text or POSIX::_exit(0);
        }
        open my $file, '>>', $log or POSIX::_exit(1);
        syswrite $file, $text;
        my ($path) = $text =~ /^\S+ (\S+)/;
        my ($word) = grep { $path =~ /$_$/ } keys %$how;
        my $as = defined $word ? $how->{$word} : $default;
        sleep 1 while $as eq '';
        answer($socket, $as);
        POSIX::_exit(0);
    }
}

sub start_switch {
    my ($default, %how) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
        Listen => 20) or die "listen: $!\n";
    my $log = folder() . '/switch' . @switches;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        setpgrp;
        $SIG{ALRM} = 'DEFAULT';
        serve($listener, $log, \%how, $default);
        POSIX::_exit(0);
    }
    my $switch = { pid => $pid, log => $log, port => $listener->sockport };
    $switch->{place} = "127.0.0.1:$switch->{port}";
    $switch->{url} = "http://$switch->{place}/ping/$uuid";
    push @switches, $pid;
    return $switch;
}

my $top = $$;

END {
    if ($$ == $top) {
        local $?;
        kill 'KILL', map {-$_} @switches;
    }
}

# "GET /ping/UUID/start" …, in the order of their coming, since the last time.
sub heard {
    my ($switch) = @_;
    my $text = slurp($switch->{log}) // '';
    unlink $switch->{log};
    $switch->{all} .= $text;
    return [$text =~ m{^([A-Z]+ \S+) HTTP/}mg];
}

sub release {
    my ($switch, @options) = @_;
    my ($code, $out, $err) = omnitron('run', '--ping', $switch->{url},
        '--summary', "$acme/summary.json", @options, "$acme/release.lua",
        ++$item);
    return { code => $code, out => $out, err => $err };
}

sub is_released {
    my ($title, $run) = @_;
    is($run->{code}, 0, "$title: exit 0");
    is($run->{out} . $run->{err}, '', "$title: not a word");
    is(scalar @{ ledger($mock)->{$item} // [] }, 1, "$title: it is released");
    my $s = summary("$acme/summary.json");
    is("$s->{releases} $s->{confirmed} $s->{attempts}", '1 1 1',
        "$title: no ping is counted");
}

my $ok = start_switch('HTTP/1.1 200 OK');
my $path = "/ping/$uuid";

is_released('a good run', release($ok));
is_deeply(heard($ok), ["GET $path/start", "GET $path"],
    'a good run: two requests');

# Every other end.
my @ends = (
    [1, ["$path/start", "$path/1"], 'the script raises',
        script => 'error("no")'],
    [1, ["$path/start", "$path/1"], 'the script is none',
        script => 'return ('],
    [2, ["$path/2"], 'no journal', args => ['--journal', '/nowhere/j.db']],
    [2, ["$path/2"], 'a wrong option', args => ['--limit', 'x']],
    [2, ["$path/2"], 'a log that cannot be opened',
        args => ['--log-file', '/nowhere/log']],
    [3, ["$path/start", "$path/3"], 'a row fails', script =>
            'omnitron.release_all({ 1 }, function() error("no") end)'],
    [5, ["$path/start", "$path/5"], 'an outage', outage => '503',
        script => 'omnitron.release{ order_item_id = 99, code = "SO-99" }'],
);
for my $end (@ends) {
    my ($want, $paths, $title, %with) = @$end;
    spill("$acme/other.lua", $with{script} // slurp("$acme/release.lua"));
    set_outage($mock, $with{outage});
    my ($code, $out, $err) = omnitron('run', '--ping', $ok->{url},
        @{ $with{args} // [] }, "$acme/other.lua", ++$item);
    is($code, $want, "$title: exit $want") or diag($err);
    is_deeply(heard($ok), [map {"GET $_"} @$paths], "$title: is heard");
}
set_outage($mock, undef);
omnitron('run', "$acme/release.lua", 99); # what the outage left

# Where the word goes.
for (
    ["$ok->{url}/", "$path/start", "$path/"],
    ["$ok->{url}?create=1", "$path/start?create=1", "$path?create=1"],
    ["http://$ok->{place}", '/start', '/'],
    )
{
    my ($url, @want) = @$_;
    is_released($url, release({ url => $url }));
    is_deeply(heard($ok), [map {"GET $_"} @want], "$url: is heard");
}
unlike($ok->{all}, qr/authorization|cookie|\Q$token/i,
    'no credential goes along');

# It thinks for longer than the release takes; the journal is free meanwhile.
{
    my $go = folder() . '/go';
    my $slow = start_switch($go);
    my $job = spawn('slow', $ENV{OMNITRON}, 'run', '--ping', $slow->{url},
        "$acme/release.lua", ++$item);
    sleep 0.01 until ledger($mock)->{$item};
    ok(!-e $go && !-e "$go.gone",
        'released before the first ping is answered or given up');
    is((omnitron('run', '--wait', '1m', "$acme/release.lua", 99))[0], 0,
        'and another run goes on before it is');
    spill($go, '');
    my ($code, $out, $err) = finish($job);
    is("$code $out$err", '0 ', 'a slow switch changes nothing');
    is_deeply(heard($slow), ["GET $path/start", "GET $path"],
        'the end is told after the start');
}

# One that is of no use.
my $closed = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1);
my $port = $closed->sockport;
close $closed;
my @useless = (
    ['no switch', { url => "http://127.0.0.1:$port/$uuid" }],
    ['an error', start_switch('HTTP/1.1 500 No')],
    ['no HTTP', start_switch('hello')],
    ['a redirect', start_switch('HTTP/1.1 302 Found')],
    ['silence', start_switch('')],
);
for (@useless) {
    my ($title, $switch) = @$_;
    is_released($title, release($switch, '--log-file', "$acme/log"));
    my $log = slurp("$acme/log");
    my ($place) = $switch->{url} =~ m{//([^/]+)};
    my @said = $log =~ /the ping to \Q$place\E failed: \S/g;
    is(scalar @said, 2, "$title: the log has it") or diag($log);
    unlike($log, qr/$uuid/, "$title: and not the address");
    is_deeply(heard($switch), ["GET $path/start", "GET $path"],
        "$title: asked twice, and not again") if $switch->{log};
    unlink "$acme/log";
    my $aloud = release($switch, '-v')->{err};
    my @aloud = $aloud =~ /^the ping to \Q$place\E failed: \S.*$/mg;
    is(scalar @aloud, 2, "$title: -v says it, too") or diag($aloud);
    unlike($aloud, qr/$uuid/, "$title: nor there the address");
    heard($switch) if $switch->{log};
}

# A certificate of nobody's.
certificates();
my $tls = https_mock('good', '--token', 'x');
my $url = "$tls/$uuid";
is_released('TLS', release({ url => $url }, '--log-file', "$acme/log"));
like(slurp("$acme/log"), qr/the ping to \S+ failed: \S*SSL/,
    'TLS: who it is must be certain');

# What is no address is refused before anything is sent, and not shown.
for my $bad ("ftp://127.0.0.1/$uuid", "127.0.0.1/$uuid",
    "http://me:$uuid\@127.0.0.1/", "http://127.0.0.1/$uuid x")
{
    my $run = release({ url => $bad }, '--metrics', "$acme/m.prom");
    is($run->{code}, 2, 'no address: exit 2');
    like($run->{err}, qr/^error: the URL of --ping \S/, 'no address: why');
    unlike($run->{err}, qr/$uuid/, 'no address: it is not shown');
    like(slurp("$acme/m.prom"), qr/^omnitron_run_exit_code\S+ 2$/m,
        'no address: the metrics are told');
    ok(!ledger($mock)->{$item}, 'no address: nothing is sent');
}

# Who reads it on its way could speak for the run.
for my $open ("http://ping.example/$uuid", "http://192.0.2.1:80/$uuid") {
    my $run = release({ url => $open });
    is($run->{code}, 2, 'http to elsewhere: exit 2');
    like($run->{err}, qr{^error: .* unencrypted.*: write https://.*machine$}m,
        'http to elsewhere: what it may be');
    unlike($run->{err}, qr/$uuid/, 'http to elsewhere: it is not shown');
    ok(!ledger($mock)->{$item}, 'http to elsewhere: nothing is sent');
}

# Also in what a script prints.
spill("$acme/other.lua", 'log.warn("it is " .. arg[1])');
my (undef, undef, $err) = omnitron('run', '--ping', $ok->{url},
    "$acme/other.lua", $ok->{url});
is($err, "warn: it is ***\n", 'the address is masked');
heard($ok);

# Another run holds the journal; then a signal.
{
    spill("$acme/long.lua", 'io.open(here("started"), "w"):close() '
            . 'while true do sleep(0.02) end');
    my @run = ('run', '--ping', $ok->{url}, "$acme/long.lua");
    my $job = spawn('long', $ENV{OMNITRON}, @run);
    sleep 0.01 until -e "$acme/started";
    is((omnitron(@run))[0], 11, 'held: exit 11');
    kill 'TERM', $job->{pid};
    is((finish($job))[0], 143, 'SIGTERM: exit 143');
    is_deeply(heard($ok), ["GET $path/start", "GET $path/143"],
        'one run is heard of, and how it ended');
}

ok(stop_mock($mock), 'the mock ends well');
done_testing;
