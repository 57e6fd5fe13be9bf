#!/usr/bin/perl
# Outages. A run that starts in one spends one read and keeps everything; the
# run after the cure needs no input to send it all. A run that an outage
# catches leaves at most what was on its way unknown.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::INET;
use Rig;
use Socket qw(SOCK_STREAM inet_aton pack_sockaddr_in);
use Test::More;
use Time::HiRes qw(sleep);

my $token = 'a-token-that-is-no-word';
my $customers = 0;

sub start_host {
    return start_mock('--items', '100001-199999', '--token', $token, @_);
}

sub customer_of {
    my ($url, @lines) = @_;
    return customer('acme' . ++$customers, $token, qq(url = "$url"),
        'token_file = "token"', @lines);
}

sub host_of {
    my ($url) = @_;
    return $url =~ s{^https?://}{}r;
}

# Everything is kept and nothing was tried; the host is spoken of once.
sub is_kept {
    my ($title, $run, $acme, $count, $url, $kind) = @_;
    my $rows = journal($acme);
    is($run->{code}, $kind->{code}, "$title: exit $kind->{code}")
        or diag($run->{err});
    is($run->{stopped}, $kind->{stopped}, "$title: stopped");
    is($run->{pending}, $count, "$title: all are pending");
    is($run->{$_}, 0, "$title: none $_")
        for qw(unknown rejected confirmed carried failed open_unknown);
    is_deeply([grep { $_->{state} ne 'pending' } values %$rows], [],
        "$title: pending in the journal");
    is(scalar keys %$rows, $count, "$title: each of them");
    my $said = $run->{err} =~ s/\s+/ /gr;
    my @about = $said =~ /\Q@{[host_of($url)]}\E/g;
    is(scalar @about, 1, "$title: the host is named once") or diag($said);
    like($said, qr/\Q@{[host_of($url)]}\E $kind->{says}/,
        "$title: and what is wrong");
    like($said, qr/\b$count releases (?:are kept in the journal|that are kept go out)/,
        "$title: and what became of the releases");
}

# A script that releases nothing is enough.
sub is_healed {
    my ($title, $mock, $acme, $count) = @_;
    my $run = run($acme);
    is($run->{code}, 0, "$title, cured: exit 0") or diag($run->{err});
    is($run->{err}, '', "$title, cured: without a word");
    is($run->{stopped}, undef, "$title, cured: not stopped");
    is($run->{$_}, $count, "$title, cured: all are $_")
        for qw(carried confirmed);
    is($run->{rows}, 0, "$title, cured: no row was read");
    my ($rows, $received) = (journal($acme), ledger($mock));
    is_deeply([grep { $_->{state} ne 'confirmed' } values %$rows], [],
        "$title, cured: the journal says so");
    is(scalar(grep { $received->{$_} && @{ $received->{$_} } == 1 }
            keys %$rows), $count, "$title, cured: one body each");
}

my %no_answer = (code => 5, stopped => 'no answer');
my %kinds = (
    '502-html' => { %no_answer, says => 'does not answer \(502 Bad Gateway' },
    503 => { %no_answer, says => 'does not answer \(503 ' },
    silence => { %no_answer, says => 'does not answer \(no answer within' },
    close => { %no_answer, says => 'does not answer \(' },
    'login-page' => { code => 6, stopped => 'prefix',
        says => 'does not know the API .*profile\.lua' },
    404 => { code => 6, stopped => 'prefix',
        says => 'does not know the API .*profile\.lua' },
    401 => { code => 6, stopped => 'token',
        says => 'refused the token \(401 "?Invalid token.*/token\b' },
    redirect => { code => 6, stopped => 'redirect',
        says => 'sends requests elsewhere.*profile\.lua' },
);

my (undef, $help) = omnitron('mock', '--help');
my ($named) = $help =~ /KIND is one of\n((?:  .*\n)+)/;
is_deeply([sort $named =~ /^  (\S+)/mg], [sort keys %kinds],
    'each outage of the mock is tried');

for my $name (sort keys %kinds) {
    my $mock = start_host('--outage', $name);
    my $acme = customer_of($mock->{url}, 'timeout = 1.5');
    my $file = items_file('lines.csv', 100001 .. 100020);
    my $run = run($acme, $file);
    is_kept($name, $run, $acme, 20, $mock->{url}, $kinds{$name});
    is_deeply(requests($mock), { 'GET orders/' => 1 }, "$name: one read");
    is($run->{attempts}, 0, "$name: no attempt");
    set_outage($mock, undef);
    is_healed($name, $mock, $acme, 20);
    ok(stop_mock($mock), "$name: the mock ends well");
}

# A port where nobody listens, and later somebody may.
sub free_port {
    my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
        or die "no port: $!\n";
    return $socket->sockport;
}

# A firewall that swallows packets: a listener whose queue is full answers no
# further connection. Returns what keeps it full.
sub swallower {
    my $listener = IO::Socket::INET->new(Listen => 1,
        LocalAddr => '127.0.0.1') or die "no port: $!\n";
    my $to = pack_sockaddr_in($listener->sockport, inet_aton('127.0.0.1'));
    my @waiting = map {
        my $socket = IO::Socket::INET->new(Proto => 'tcp',
            Type => SOCK_STREAM) or die "no socket: $!\n";
        $socket->blocking(0);
        connect $socket, $to;
        $socket;
    } 1 .. 6;
    return { port => $listener->sockport, sockets => [$listener, @waiting] };
}

my @many = (100001 .. 100000 + (is_asan() ? 1500 : 4000));
my %unreachable = (%no_answer, says => 'does not answer \(');

for my $look ('', 'first_look = false') {
    my $title = 'nobody listens' . ($look && ", $look");
    my $port = free_port();
    my $url = "http://127.0.0.1:$port";
    my $acme = customer_of($url, $look || (), 'connect_timeout = 1',
        'tries = 2');
    my $run = run($acme, items_file('lines.csv', @many));
    is_kept($title, $run, $acme, scalar @many, $url, \%unreachable);
    is($run->{attempts}, $look ? 2 : 0, "$title: attempts");
    my $mock = start_host('--port', $port);
    is_healed($title, $mock, $acme, scalar @many);
    ok(stop_mock($mock), "$title: the mock ends well");
}

for my $look ('', 'first_look = false') {
    my $title = 'packets are swallowed' . ($look && ", $look");
    my $swallower = swallower();
    my $url = "http://127.0.0.1:$swallower->{port}";
    my $acme = customer_of($url, $look || (), 'connect_timeout = 1',
        'tries = 2');
    my $run = run($acme, items_file('lines.csv', @many));
    is_kept($title, $run, $acme, scalar @many, $url, \%unreachable);
    is($run->{attempts}, $look ? 2 : 0, "$title: attempts");
    my $port = $swallower->{port};
    undef $swallower;
    my $mock = start_host('--port', $port);
    is_healed($title, $mock, $acme, scalar @many);
    ok(stop_mock($mock), "$title: the mock ends well");
}

# In the middle of a run.
my $at_once = 4;
my $count = 200;
my %caught = (
    '502-html' => 1, 503 => 1, silence => 1, close => 1, 'login-page' => 1,
    redirect => 1, 401 => 0,
);

sub start_and {
    my ($mock, $acme, $break) = @_;
    my $job = spawn('run', $ENV{OMNITRON}, 'run', '--summary',
        "$acme/summary.json", "$acme/rules.lua",
        items_file('lines.csv', 100001 .. 100000 + $count));
    my $sent = 'POST order_items/#/create_mapping/';
    sleep 0.01 while (requests($mock)->{$sent} // 0) < 40;
    $break->();
    my ($code, $out, $err) = finish($job);
    return { %{ summary("$acme/summary.json") }, code => $code, err => $err };
}

sub settle {
    my ($acme, $word) = @_;
    my ($code, $out, $err) = omnitron('journal', 'settle', '--profile',
        "$acme/profile.lua", '--all-unknown', $word, '--note', 'seen there');
    is($code, 0, "settled $word") or diag($err);
}

for my $name (sort keys %caught) {
    my $title = "$name in the middle";
    my $mock = start_host('--latency', '10');
    my $acme = customer_of($mock->{url}, "at_once = $at_once",
        'timeout = 1.5');
    my $run = start_and($mock, $acme,
        sub { set_outage($mock, $name) });
    my $unknown = $run->{unknown};
    cmp_ok($unknown, '<=', $at_once, "$title: at most $at_once are unknown");
    cmp_ok($unknown, '>', 0, "$title: and some are") if $caught{$name};
    is($unknown, 0, "$title: none is unknown") if !$caught{$name};
    is($run->{rejected}, 0, "$title: none is rejected");
    cmp_ok($run->{confirmed}, '>=', 30, "$title: what went before is done");
    is($run->{pending}, $count - $run->{confirmed} - $unknown,
        "$title: the rest is pending");
    my $code = $run->{stopped} && $run->{stopped} eq 'no answer' ? 4 : 6;
    is($run->{code}, $code, "$title: exit $code") or diag($run->{err});
    like($run->{err}, qr/\Q@{[host_of($mock->{url})]}\E/,
        "$title: the host is named");

    my $pending = $run->{pending};
    set_outage($mock, undef);
    $run = run($acme);
    is($run->{code}, $unknown ? 4 : 0, "$title: the next run's exit");
    is($run->{$_}, $pending, "$title: the next run: $_ is the rest")
        for qw(carried confirmed);
    is($run->{pending}, 0, "$title: the next run leaves none pending");
    is($run->{open_unknown}, $unknown, "$title: what is unknown stays so");
    next if !$unknown;
    settle($acme, '--not-done');
    $run = run($acme);
    is($run->{code}, 0, "$title: settled as not done, exit 0");
    is($run->{confirmed}, $unknown, "$title: and they are sent");
    my $received = ledger($mock);
    is(scalar(grep { 1 == grep { $_->{applied} } @$_ } values %$received),
        $count, "$title: the host applied each once");
    ok(stop_mock($mock), "$title: the mock ends well");
}

# The host goes away in the middle, with all that was on its way.
{
    my $title = 'the host goes away';
    my $mock = start_host('--latency', 10);
    my $acme = customer_of($mock->{url}, "at_once = $at_once");
    my $run = start_and($mock, $acme, sub { kill 'KILL', $mock->{pid} });
    stop_mock($mock);
    my ($unknown, $pending) = @$run{qw(unknown pending)};
    cmp_ok($unknown, '<=', $at_once, "$title: at most $at_once are unknown");
    is($pending, $count - $run->{confirmed} - $unknown,
        "$title: the rest is pending");
    is($run->{rejected}, 0, "$title: none is rejected");
    $run = run($acme);
    is($run->{stopped}, 'no answer', "$title: the next run does not begin");
    is($run->{attempts}, 0, "$title: and tries nothing");
    is($run->{code}, $unknown ? 4 : 5, "$title: its exit code");
    $mock = start_host('--port', $mock->{port});
    $run = run($acme);
    is($run->{$_}, $pending, "$title, back: $_ is the rest")
        for qw(carried confirmed);
    is(scalar keys %{ ledger($mock) }, $pending,
        "$title, back: nothing else was sent");
    ok(stop_mock($mock), "$title: the mock ends well");
}
done_testing;
