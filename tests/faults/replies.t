#!/usr/bin/perl
# A reply cut at every byte, by a close and by a reset, every status, and each
# fault that the mock knows: what the program makes of it, in the row, in the
# kept attempt, and never with a second body.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::INET;
use Rig;
use Test::More;

my $range = '100001-199999'; # the items that exist
my $at = 100001;             # the next of them
my $beyond = 300001;         # and of the others
my $groups = 0;

sub host {
    my (@lines) = @_;
    my $mock = start_mock('--items', $range);
    my $acme = customer('acme' . ++$groups, 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"', 'at_once = 1', @lines);
    return ($mock, $acme);
}

# A good one before each pair: the first of a pair meets a connection that was
# used before, the second a new one; and three unknown in a row would stop
# the run.
sub arrange {
    my ($chunk) = @_;
    my (@items, $n);
    for my $case (@$chunk) {
        push @items, $at++ if $n++ % 2 == 0;
        $case->{item} = $case->{missing} ? $beyond++ : $at++;
        push @items, $case->{item};
    }
    return @items;
}

sub text {
    my (@values) = @_;
    return join ' ', map { $_ // 'null' } @values;
}

# Is it in the row as it should be, and in the attempt of every eighth (a
# process each)?
sub compare {
    my ($case, $row, $acme, $bodies) = @_;
    my $wanted = text(@$case{qw(state status outcome)});
    my $got = text(@$row{qw(state http_status)}, $case->{outcome});
    if ($ENV{OMNITRON_SOAK} || $case->{item} % 8 == 0) {
        my $story = show($acme, $case->{item});
        my $attempt = $story->{attempts_made}[-1];
        $got = text($story->{state}, @$attempt{qw(http_status outcome)});
        $got .= ' sent 0' if !$attempt->{sent};
    }
    my @wrong;
    push @wrong, "$case->{fault}: $got, not $wanted" if $got ne $wanted;
    push @wrong, "$case->{fault}: $bodies bodies" if $bodies != 1;
    return @wrong;
}

# As many as the mock takes faults. One whose connection is closed behind a
# whole reply comes alone: whether the next release sees that in time is a
# matter of luck.
sub take {
    my ($cases) = @_;
    my @chunk;
    while (@$cases && @chunk < 64) {
        last if @chunk && $cases->[0]{closes};
        push @chunk, shift @$cases;
        last if $chunk[-1]{closes};
    }
    return @chunk;
}

# Runs the cases, a chunk at a time.
sub try_all {
    my ($title, $mock, $acme, @cases) = @_;
    my $count = @cases;
    my @wrong;
    while (my @chunk = take(\@cases)) {
        my @items = arrange(\@chunk);
        set_fault($mock, join ',', map {"$_->{fault}\@$_->{item}"} @chunk);
        my $run = run($acme, items_file('lines.csv', @items));
        my ($rows, $received) = (journal($acme), ledger($mock));
        push @wrong, "the run stopped: $run->{stopped}" if $run->{stopped};
        push @wrong, "exit $run->{code}: $run->{err}"
            if $run->{code} !~ /^[034]$/;
        my %bad = map { $_->{item} => 1 } @chunk;
        push @wrong, map {"item $_ is not confirmed"}
            grep { !$bad{$_} && $rows->{$_}{state} ne 'confirmed' } @items;
        push @wrong, map {
            my $bodies = $received->{ $_->{item} } // [];
            compare($_, $rows->{ $_->{item} }, $acme, scalar @$bodies)
        } @chunk;
    }
    is_deeply([@wrong[0 .. ($#wrong > 9 ? 9 : $#wrong)]], [],
        "$title: $count replies") or diag(map {"$_\n"} @wrong);
}

# The bytes of a reply that is cut behind its end.
sub whole_reply {
    my ($mock, $item) = @_;
    set_fault($mock, "cut:100000\@$item");
    my $body = qq({"update_stock":true,"code":"SO-$item/10"});
    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $mock->{port}) or die "$!\n";
    print {$socket} "POST /api/i1/order_items/$item/create_mapping/ HTTP/1.1",
        "\r\nHost: 127.0.0.1\r\nAuthorization: Token mock\r\n",
        "Content-Type: application/json\r\nContent-Length: ", length $body,
        "\r\n\r\n", $body;
    local $/;
    return scalar <$socket>;
}

# What a reply cut after so many bytes comes to; `whole` is that of all bytes.
sub cut_case {
    my ($fault, $k, $reply, %whole) = @_;
    my $line_end = index($reply, "\n") + 1;
    my ($status) = $reply =~ m{^HTTP/1\.1 (\d+)};
    return { %whole, fault => "$fault:$k", status => $status,
        closes => 1 }
        if $k >= length $reply;
    return { %whole, fault => "$fault:$k", state => 'unknown',
        outcome => 'unknown', status => $k >= $line_end ? $status : undef };
}

sub cut_everywhere {
    my ($title, $item, %whole) = @_;
    my ($mock, $acme) = host();
    my $reply = whole_reply($mock, $item);
    my $end = length $reply;
    my $step = $whole{missing} ? 5 : is_asan() ? 3 : 1;
    $step = 1 if $ENV{OMNITRON_SOAK};
    like($reply, qr/\r\n\r\n\{.+\}$/, "$title: a head and a body");
    try_all("$title, cut and closed", $mock, $acme,
        map { cut_case('cut', $_, $reply, %whole),
            cut_case('cut', $_, $reply, %whole) } 0 .. $end);
    try_all("$title, cut and reset", $mock, $acme,
        map { cut_case('cut-reset', $_, $reply, %whole) }
        grep { $_ % $step == 0 || $_ == $end } 0 .. $end);
    ok(stop_mock($mock), "$title: the mock ends well");
}

cut_everywhere('201', $at++, state => 'confirmed', outcome => 'applied');
cut_everywhere('404', $beyond++, state => 'rejected', outcome => 'refused',
    missing => 1);

# Every status. Those that end a run come one by one, below.
my %refused = map { $_ => 1 } 400, 403, 404, 405, 406, 410, 413, 414, 415, 422;

sub status_case {
    my ($status) = @_;
    return { fault => "status:$status", status => $status,
        $refused{$status} ? (state => 'rejected', outcome => 'refused')
            : (state => 'unknown', outcome => 'unknown') };
}

my ($mock, $acme) = host();
try_all('statuses', $mock, $acme, map { status_case($_) }
    grep { $_ != 401 && $_ != 407 && $_ != 429 } 200 .. 299, 400 .. 599);

my @alone = (
    (map { { fault => "status:$_", status => $_, state => 'unknown',
        outcome => 'unknown', stopped => 'redirect', code => 6 } }
        300 .. 308, 399),
    { fault => 'redirect', status => 302, state => 'unknown',
        outcome => 'unknown', stopped => 'redirect', code => 6 },
    (map { { fault => "status:$_", status => $_, state => 'pending',
        outcome => 'no log-in', stopped => 'token', code => 6 } } 401, 407),
    (map { { fault => $_, status => 429, state => 'pending',
        outcome => 'throttled', stopped => 'no answer', code => 5 } }
        'status:429', 'retry-after:1000', 'retry-date:1000'),
);

for my $case (@alone) {
    my ($mock, $acme) = host('tries = 1');
    my ($good, $later);
    ($good, $case->{item}, $later) = ($at++, $at++, $at++);
    set_fault($mock, "$case->{fault}\@$case->{item}");
    my $run = run($acme,
        items_file('lines.csv', $good, $case->{item}, $later));
    my ($rows, $received) = (journal($acme), ledger($mock));
    my $bodies = $received->{ $case->{item} } // [];
    is_deeply([compare($case, $rows->{ $case->{item} }, $acme,
            scalar @$bodies)], [], "$case->{fault}: as it should be");
    is(text(@$run{qw(code stopped)}), text(@$case{qw(code stopped)}),
        "$case->{fault}: the run stops");
    is($rows->{$later}{state}, 'pending', "$case->{fault}: the next is kept");
    is($received->{$later}, undef, "$case->{fault}: and was not sent");
    stop_mock($mock);
}

# Each fault that the mock knows.
my %unknown = (state => 'unknown', outcome => 'unknown');
my %applied = (state => 'confirmed', outcome => 'applied', status => 201);
my %faults = (
    'drop-after' => {%unknown},
    'reset-after' => {%unknown},
    'silence-after' => {%unknown},
    'status-after' => { %unknown, arg => 502, status => 502 },
    'close-before' => {%unknown},
    'reset-before' => {%unknown},
    'close-read' => {%unknown},
    'reset-read' => {%unknown},
    silence => {%unknown},
    unframed => {%applied},
    lengths => { %unknown, status => 201 },
    drip => { %applied, arg => 1, closes => 1 },
    push => { %applied, closes => 1 },
    'half-json' => { %unknown, status => 201 },
    empty => { %unknown, status => 200 },
    html => { %unknown, status => 200 },
    'other-id' => { %unknown, status => 201 },
    'other-code' => { %unknown, status => 201 },
    huge => { %unknown, status => 201 },
    endless => { %unknown, status => 201 },
    headers => { %unknown, status => 201 },
    continues => { %unknown, status => 100 },
);
$faults{$_}{fault} = join ':', $_, $faults{$_}{arg} // () for keys %faults;

my ($code, $help) = omnitron('mock', '--help');
my @known = $help =~ /^  ([a-z-]+)(?::[A-Z]+)?  +\S/mg;
my %elsewhere = map { $_ => 1 }
    qw(status retry-after retry-date redirect cut cut-reset);
my %outages = map { $_ => 1 } qw(login-page silence close redirect);
is_deeply([grep { !$faults{$_} && !$elsewhere{$_} && !$outages{$_} } @known],
    [], 'each fault of the mock is tried');
cmp_ok(scalar @known, '>', 25, 'and the help names them');

my @silent = qw(silence silence-after);
my @others = grep { !/^silence/ } sort keys %faults;
try_all('faults', $mock, $acme,
    map { ({ %{ $faults{$_} } }, { %{ $faults{$_} } }) } @others);
ok(stop_mock($mock), 'the mock ends well');

# Without a length, a refusal's status decides.
($mock, $acme) = host();
try_all('a 404 without a length', $mock, $acme, { fault => 'unframed',
    missing => 1, state => 'rejected', outcome => 'refused', status => 404 });
ok(stop_mock($mock), 'the mock ends well');

($mock, $acme) = host('timeout = 1.5');
try_all('silence', $mock, $acme, map { { %{ $faults{$_} } } } @silent);
ok(stop_mock($mock), 'the mock ends well');
done_testing;
