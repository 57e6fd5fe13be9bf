#!/usr/bin/perl
# Where a journal lies and what may have become of it between two runs: a
# full disk, no right to write, another file, a damaged one, a log that was
# thrown away, an old copy. And a clock that somebody set wrong.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use Rig;
use Test::More;

my $mock = start_mock('--items', '1-999999');

sub bodies {
    my ($place) = @_;
    my $all = ledger($place->{mock});
    my $n = 0;
    $n += @{ $all->{$_} // [] } for @{ $place->{items} };
    return $n;
}

# --- a full disk

# Until nothing more goes in.
sub fill_up {
    my ($at) = @_;
    open my $file, '>', "$at/filler" or die "$at: $!\n";
    for my $size (1 << 20, 4096, 1) {
        1 while syswrite $file, 'x' x $size;
    }
    close $file;
}

sub full_at_start {
    my $at = mounted('small', '48m') or return 0;
    my $place = fresh('small/acme', $mock);
    my ($code, $out, $err) = run_place($place);
    is($code, 7, 'too little room: exit 7');
    like($err, qr/only \d+ MiB are left/, 'too little room: says how much');
    is(bodies($place), 0, 'too little room: nothing was sent');
    return 1;
}

sub full_meanwhile {
    my $at = mounted('full', '80m') or return 0;
    my $slow = start_mock('--items', '1-999999', '--latency', '20');
    my $place = fresh('full/acme', $slow, at_once => 4, count => 600);
    my $job = start_place($place);
    wait_until(sub { bodies($place) > 20 });
    fill_up($at);
    my ($code, $out, $err) = finish($job);
    is($code, 7, 'the disk fills up: exit 7') or diag($err);
    like($err, qr/Free some space/, 'the disk fills up: says what to do');
    cmp_ok(bodies($place), '<', 600, 'the disk fills up: it stopped');
    is_deeply([bad_now($place, $err)], [], 'the disk fills up: all is right');
    unlink "$at/filler";
    is_deeply([bad_after_run($place)], [], 'with room again: it goes on');
    ok(stop_mock($slow), 'the slow mock ends well');
    return 1;
}

SKIP: {
    my $done = full_at_start() && full_meanwhile();
    skip 'a disk to fill is made by mount, which needs root', 1 if !$done;
}

# --- rights

# The command as somebody whom rights mean something to.
my @nobody = $> == 0
    ? ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups') : ();

sub for_nobody {
    my ($place) = @_;
    return if !@nobody;
    chmod 0755, folder();
    system 'chown', '-R', '65534:65534', $place->{path};
}

my %rights = (
    'a folder nobody may write' => [sub { chmod 0555, $_[0] }],
    'such a folder with a lock' => [sub {
        spill("$_[0]/journal.db.lock", '', 0444);
        chmod 0555, $_[0];
    }],
    'a file nobody may write' => [sub { chmod 0444, "$_[0]/journal.db" }],
    'a file nobody may read' => [sub { chmod 0, "$_[0]/journal.db" }],
    'a lock nobody may open' => [sub { spill("$_[0]/journal.db.lock", '', 0) }],
);

SKIP: {
    chmod 0755, folder();
    skip 'nobody may not run the program here', 1
        if @nobody && system("@nobody test -x $ENV{OMNITRON}") != 0;
    for my $title (sort keys %rights) {
        my $place = fresh($title =~ tr/ /_/r, $mock);
        $rights{$title}[0]->($place->{path});
        for_nobody($place);
        my $was = slurp("$place->{path}/journal.db");
        my ($code, $out, $err) = run_place($place, @nobody);
        is($code, 2, "$title: exit 2") or diag($err);
        like($err, qr/must be this user's to write|Permission denied/,
            "$title: says so");
        is(bodies($place), 0, "$title: nothing was sent");
        ok($was eq slurp("$place->{path}/journal.db"), "$title: untouched");
    }
}

# --- another file

my %others = (
    'an empty file' => sub { '' },
    'a text' => sub { "item;code\n" x 500 },
    'zeros' => sub { "\0" x 8192 },
    'another database' => sub {
        my $path = folder() . '/other.db';
        system('sqlite3', $path, 'CREATE TABLE t (x); INSERT INTO t'
                . ' VALUES (1)') == 0 or die "sqlite3\n";
        return slurp($path);
    },
);

for my $title (sort keys %others) {
    my $place = fresh($title =~ tr/ /_/r, $mock);
    my $bytes = $others{$title}->();
    spill("$place->{path}/journal.db", $bytes);
    my ($code, $out, $err) = run_place($place);
    is($code, 2, "$title: exit 2") or diag($err);
    like($err, qr/is not a journal of omnitron/, "$title: says so");
    is(bodies($place), 0, "$title: nothing was sent");
    ok(slurp("$place->{path}/journal.db") eq $bytes, "$title: untouched");
}

# --- a damaged file

# A journal that knows 20 items, in one file.
my $whole = fresh('whole', $mock);
is((run_place($whole))[0], 0, 'a run, for the journal it leaves');
my $good = slurp("$whole->{path}/journal.db");

# The same items again with this file for a journal. What the run came to:
# the exit, stderr, and the items that were sent a second time.
sub again_with {
    my ($bytes) = @_;
    unlink map {"$whole->{path}/journal.db$_"} '-wal', '-shm', '.notes';
    spill("$whole->{path}/journal.db", $bytes, 0600);
    my $was = bodies($whole);
    my ($code, $out, $err) = run_place($whole);
    return ($code, $err, bodies($whole) - $was);
}

my (@bad, %ends);
for my $size (every(5, map { $_ * 512 } 0 .. length($good) / 512 - 1)) {
    my ($code, $err, $sent) = again_with(substr $good, 0, $size);
    $ends{$code}++;
    push @bad, "$size bytes: exit $code, $sent sent: $err"
        if $sent || $code !~ /^[27]$/;
}
is_deeply(\@bad, [], 'cut short anywhere: refused, nothing is sent');
note('cut short: ', join ', ', map {"exit $_: $ends{$_}"} sort keys %ends);

# SQLite has no checksums in the file itself: a byte that changes inside a
# value is not noticed by anything, and one that changes an item's number
# makes the journal forget that item. What holds is that the program stays
# in its ways, and that most damage is found before anything is sent.
@bad = %ends = ();
my ($flips, $again) = (0, 0);
for my $at (every(5, map { $_ * 509 + 100 } 0 .. length($good) / 509 - 1)) {
    my $bytes = $good;
    substr($bytes, $at, 4) ^= "\xff\xff\xff\xff";
    my ($code, $err, $sent) = again_with($bytes);
    $ends{$code}++;
    $flips++;
    $again++ if $sent;
    push @bad, "at $at: exit $code: $err" if $code !~ /^[023457]$/;
    push @bad, "at $at: exit $code, and $sent were sent"
        if $sent && $code == 7;
}
is_deeply(\@bad, [], 'four bytes changed anywhere: refused or not noticed');
note("$flips changes: ", join(', ', map {"exit $_: $ends{$_}"}
    sort keys %ends), "; sent again: $again");

# --- a log thrown away, an old copy

# A run that is killed, its answers in the -wal alone.
sub killed {
    my ($name) = @_;
    my $place = fresh($name, $mock);
    my ($code) = run_place($place, 'env', preload(),
        'DISK_FAULT=any:fdatasync:-wal:5:kill');
    isnt($code, 0, "$name: a run was killed");
    cmp_ok(bodies($place), '>', 0, "$name: at work");
    return $place;
}

# What is left is a sound journal of an earlier day: only the notes beside it
# know of a later run. Without them the next run sends again what it does not
# know of; the host (its repeat=same) answers with the mapping that it has.
sub forgetful {
    my ($place, $title) = @_;
    my $was = bodies($place);
    my ($code, $out, $err) = run_place($place);
    is($code, 2, "$title: exit 2") or diag($err);
    like($err, qr/knows 0 runs and 1 were made/, "$title: says so");
    is(bodies($place), $was, "$title: nothing was sent");

    unlink "$place->{path}/journal.db.notes";
    ($code, $out, $err) = run_place($place);
    is($code, 0, "$title: the next run ends well") or diag($err);
    my $received = ledger($mock);
    my $twice = grep { @{ $received->{$_} } > 1 } @{ $place->{items} };
    is($twice, $was, "$title: what was forgotten was sent again");
    my $rows = journal($place->{path});
    is(scalar(grep { $rows->{$_}{state} eq 'confirmed' } keys %$rows), 20,
        "$title: all of it is confirmed");
}

my $thrown = killed('thrown');
unlink "$thrown->{path}/journal.db-wal";
forgetful($thrown, 'the -wal was thrown away');

my $old = fresh('old', $mock);
my $copy = slurp("$old->{path}/journal.db");
is((run_place($old))[0], 0, 'old: a run after the copy was made');
spill("$old->{path}/journal.db", $copy, 0600);
forgetful($old, 'an older copy in its place');

# --- the clock

sub clock {
    my ($seconds) = @_;
    return ('env', "LD_PRELOAD=$ENV{BUILD}/faults/clock.so",
        "CLOCK_SHIFT=$seconds");
}

use constant { DAY => 86400, YEAR => 365 * 86400 };

# Items 1 to 18 are fine, the host refuses 19 and 20. In which order the runs
# see the clock, and which of them send the refused ones again: after 24 h,
# or when the refusal is of a day that is still to come.
my @clocks = (
    ['a day back', [0, 0], [-2 * DAY, 2], [-2 * DAY, 0], [0, 2]],
    ['a year forward', [0, 0], [YEAR, 2], [YEAR, 0], [0, 2], [0, 0]],
    ['an hour back', [0, 0], [-3600, 0], [0, 0]],
);

my $picky = start_mock('--items', '1-998');
for (@clocks) {
    my ($title, @runs) = @$_;
    my $place = fresh($title =~ tr/ /_/r, $picky);
    lines("$place->{path}/lines.csv", 981, 1000);
    $place->{items} = [981 .. 1000];
    my $was = bodies($place);
    for my $n (0 .. $#runs) {
        my ($shift, $sent) = @{ $runs[$n] };
        my ($code, $out, $err) = run_place($place, clock($shift));
        my $now = bodies($place);
        is($code, 3, "$title, run $n: exit 3") or diag($err);
        is($now - $was, $n ? $sent : 20, "$title, run $n: what was sent");
        $was = $now;
    }
    my $rows = journal($place->{path});
    is(scalar(grep { $_->{state} eq 'confirmed' && $_->{attempts} == 1 }
        values %$rows), 18, "$title: nothing that was applied went twice");
}

ok(stop_mock($_), 'a mock ends well') for $picky, $mock;
done_testing;
