#!/usr/bin/perl
# kill -9 at 50 moments spread over a run (2,000 in the long form): what
# reached the host is on disk, what was on disk stays there, and nothing is
# sent a second time. Every other host drops 2 of 100 answers.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;
use Time::HiRes qw(sleep time);

seed(20240228); # of the moments: the same in every test run

my $kills = $ENV{OMNITRON_SOAK} ? 2000 : is_asan() ? 20 : 50;
my $each = 10;       # kills over one journal
my $fresh = 200;     # items that a run is the first to release
my $overlap = 40;    # items of the run before that it releases again

sub write_lines {
    my ($path, $first, $last) = @_;
    spill($path, join '', "item;erp_doc;erp_line;stock\n",
        map {"$_;SO-$_;10;own\n"} $first .. $last);
}

sub sql {
    my ($customer, $sql) = @_;
    my ($code, $out, $err)
        = finish(spawn('sql', 'sqlite3', "$customer/journal.db", $sql));
    chomp $out;
    return $code == 0 ? $out : "sqlite3: exit $code: $err";
}

# Bodies at the host that the disk does not account for.
sub unrecorded {
    my ($received, $rows) = @_;
    return grep { !$rows->{$_} || $rows->{$_}{attempts} < @{ $received->{$_} } }
        keys %$received;
}

sub in_state {
    my ($rows, $state) = @_;
    return grep { $rows->{$_}{state} eq $state } keys %$rows;
}

# Confirmed, and the host did not apply it with that code.
sub invented {
    my ($received, $rows) = @_;
    return grep {
        my $code = $rows->{$_}{code};
        my @bodies = @{ $received->{$_} // [] };
        !grep { $_->{applied} && $_->{code} eq $code } @bodies;
    } in_state($rows, 'confirmed');
}

my ($hit, $sending, $settled, $at) = (0, 0, 0, 100001);
my $span; # seconds of a run that nobody kills, measured anew for each journal
my @wrong;

sub expect {
    my ($what, @items) = @_;
    push @wrong, "$what: @items[0 .. ($#items > 4 ? 4 : $#items)]" if @items;
}

# One kill: a run over fresh items and some of those before, killed at its
# moment. `$was` are the rows after the kill before it.
sub kill_once {
    my ($mock, $acme, $n, $was) = @_;
    my $file = folder() . '/lines.csv';
    my $from = $n ? $at - $overlap : $at;
    write_lines($file, $from, $at + $fresh - 1);
    $at += $fresh;
    my $runs = sql($acme, 'SELECT count(*) FROM run');
    my $job = spawn('run', $ENV{OMNITRON}, 'run', "$acme/rules.lua", $file);
    sleep draw() * $span;
    kill 'KILL', $job->{pid};
    my ($code) = finish($job);
    sleep 0.03; # what is on its way still arrives
    my $began = sql($acme, 'SELECT count(*) FROM run') > $runs;
    my $rows = journal($acme);
    my $received = ledger($mock);

    my $check = sql($acme, 'PRAGMA integrity_check');
    push @wrong, "integrity_check: $check" if $check ne 'ok';
    expect('at the host and not on disk', unrecorded($received, $rows));
    expect('lost from the journal', grep { !$rows->{$_} } keys %$was);
    expect('confirmed and not applied', invented($received, $rows));
    expect('no longer confirmed', grep {
        $was->{$_}{state} eq 'confirmed' && $rows->{$_}{state} ne 'confirmed'
    } grep { $rows->{$_} } keys %$was);
    if ($began) {
        my @held = in_state($was, 'sending');
        expect('sending is not unknown after the next start',
            grep { $rows->{$_}{state} ne 'unknown' } @held);
        $settled += @held;
    }
    $hit++ if $code == -9 && $began;
    $sending += in_state($rows, 'sending');
    return $rows;
}

# The run that nobody kills: it takes up all that was ever in the files.
sub complete {
    my ($mock, $acme, $first) = @_;
    my $file = folder() . '/lines.csv';
    write_lines($file, $first, $at - 1);
    my ($code, $out, $err);
    for (1 .. 9) { # a host that drops may stop one by three in a row
        ($code, $out, $err) = omnitron('run', "$acme/rules.lua", $file);
        last if $code != 6;
    }
    my $rows = journal($acme);
    my $received = ledger($mock);
    my @unknown = in_state($rows, 'unknown');

    is($code, @unknown ? 4 : 0, 'the last run: its exit code') or diag($err);
    is(scalar keys %$rows, $at - $first, 'the last run: every item has a row');
    is(scalar(in_state($rows, 'confirmed')) + @unknown, scalar keys %$rows,
        'the last run: confirmed or unknown, nothing else');
    is_deeply([invented($received, $rows)], [],
        'the last run: what is confirmed was applied');
    is_deeply([grep { @{ $received->{$_} } > 1 } keys %$received], [],
        'the last run: no item was sent twice');
}

sub run_length {
    my ($round) = @_;
    my $mock = start_mock('--items', '1-999999', '--latency', '5');
    my $probe = customer("probe$round", 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"', 'at_once = 8');
    my $file = folder() . '/lines.csv';
    write_lines($file, 1, $fresh + $overlap);
    my $start = time;
    my ($code) = omnitron('run', "$probe/rules.lua", $file);
    my $length = time - $start;
    is($code, 0, 'a run that nobody kills: exit 0');
    stop_mock($mock);
    return $length;
}

for my $round (1 .. $kills / $each) {
    my $mock = start_mock('--items', '1-999999', '--latency', '5',
        $round % 2 ? () : ('--fault', 'drop-after=0.02', '--seed', $round));
    $span = run_length($round);
    my $acme = customer("acme$round", 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"', 'at_once = 8');
    my $first = $at;
    my $rows = {};
    $rows = kill_once($mock, $acme, $_, $rows) for 0 .. $each - 1;
    complete($mock, $acme, $first);
    ok(stop_mock($mock), 'the mock ends well');
}

is_deeply(\@wrong, [], "$kills kills: the journal is right after each");
cmp_ok($hit, '>', $kills / 4, 'the kills met runs at work');
cmp_ok($sending, '>', 0, 'some met releases on their way');
cmp_ok($settled, '>', 0, 'which the next run turned into unknown');
note("$hit of $kills kills met a run, $sending releases were on their way");
done_testing;
