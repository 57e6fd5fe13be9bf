#!/usr/bin/perl
# A month of cron: a run every five minutes (8,640 in the long form) over an
# inbox that an ERP fills, while the host has faults and outages, a token is
# revoked and comes back, a rule is mended, runs are killed, and a person
# settles what is unknown. In the end the journal, the summaries, the exit
# codes and the table of runs tell what the host's ledger tells; and neither
# memory nor files have grown with the runs.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use List::Util qw(max sum0);
use Month;
use POSIX ();
use Rig;
use Test::More;
use Time::HiRes qw(sleep time);

my $ticks = $ENV{OMNITRON_TICKS} || ($ENV{OMNITRON_SOAK} ? 8640
    : is_asan() ? 60 : 200);
my $token = 'a-token-that-is-no-word';
my $began = time;
note("$ticks runs (OMNITRON_TICKS)");
my $seed = seed(20240229);
set_clock($ticks);

my @host = ('--items', '1-999999', '--token', $token, '--seed', $seed);
my $mock = start_mock(@host);
my $port = $mock->{port};
my ($code, $out, $err) = omnitron('init', '--from', 'csv', folder() . '/acme');
my $acme = folder() . '/acme';
is($code, 0, 'init makes the customer') or BAIL_OUT($err);
spill("$acme/profile.lua", <<~"END");
    return { url = "http://127.0.0.1:$port", token_file = "token",
      timeout = 0.6, connect_timeout = 0.6, tries = 2,
      update_stock = "explicit" }
    END
spill("$acme/token", "$token\n", 0600);

# The rule knows no warehouse ANK until it is mended.
my $mended = slurp("$acme/rules.lua");
my $ank = q(if row.stock == "ANK" then error("no warehouse 'ANK'") end);
my $rule = $mended =~ s/^(return function.*\n)/$1  $ank\n/mr;
spill("$acme/rules.lua", $rule);

# --- what befalls whom, and when

# A share of one release in three, for one to five runs.
my @faults = qw(drop-after reset-after status-after:502 close-before
    reset-before close-read reset-read status:503 status:400 status:401
    status:403 cut:40 empty html half-json other-id other-code redirect push
    unframed lengths);
my @outages = qw(502-html 503 login-page 404 redirect close 401);
my ($trouble, $until) = ('', 0);

sub part {
    my ($from, $to, $tick) = @_;
    return $tick >= $from * $ticks && $tick < $to * $ticks;
}

sub host_day {
    my ($tick) = @_;
    if ($trouble && $tick >= $until) {
        set_fault($mock, undef);
        set_outage($mock, undef);
        $trouble = '';
    }
    return if $trouble || !chance(50);
    if (chance(300)) {
        set_outage($mock, $trouble = pick(@outages));
        $until = $tick + 2 + below(6);
    } elsif (chance(20)) {
        set_outage($mock, $trouble = 'silence');
        $until = $tick + 2;
    } else {
        set_fault($mock, ($trouble = pick(@faults)) . '=0.33');
        $until = $tick + 1 + below(5);
    }
}

# The host goes away with all it knows of what it was sent; its ledger is
# kept here.
my %past;

sub ledger_of_all {
    my %all = map { $_ => [@{ $past{$_} }] } keys %past;
    my $now = ledger($mock);
    push @{ $all{$_} }, @{ $now->{$_} } for keys %$now;
    return \%all;
}

my $is_away;

sub host_away {
    my ($tick) = @_;
    my $away = part(0.60, 0.62, $tick);
    if ($away && !$is_away) {
        %past = %{ ledger_of_all() };
        ok(stop_mock($mock), 'the host goes away, and ends well');
    } elsif (!$away && $is_away) {
        $mock = start_mock(@host, '--port', $port);
        $trouble = '';
    }
    $is_away = $away;
}

my %once; # what is done when its time has come

sub at_part {
    my ($name, $from, $tick, $do) = @_;
    $do->() if $tick >= $from * $ticks && !$once{$name}++;
}

sub token_life {
    my ($tick) = @_;
    at_part('revoked', 0.30, $tick,
        sub { spill("$acme/token", "another-token-that-is-old\n", 0600) });
    at_part('restored', 0.32, $tick,
        sub { spill("$acme/token", "$token\n", 0600) });
}

# True $n times, at even distances.
sub every_part {
    my ($n, $tick) = @_;
    my $each = int($ticks / $n) || 1;
    return $tick % $each == $each - 1;
}

# --- one run

my (@runs, @killed, @usage); # in order; each run its summary and its exit
my $usage = folder() . '/usage';
my $said = '';
my @wrong;

# Read-only: what a kill has left is for the next run to find.
sub sql {
    my ($sql) = @_;
    my ($code, $out, $err) = finish(spawn('sql', 'sqlite3',
        "file:$acme/journal.db?mode=ro", $sql));
    push @wrong, "sqlite3: exit $code: $err" if $code != 0;
    return $out =~ s/\n\z//r;
}

sub sent {
    return requests($mock)->{'POST order_items/#/create_mapping/'} // 0;
}

# At any moment, or (when the host is well) while a release is on its way.
sub kill_it {
    my ($job, $was) = @_;
    if (defined $was) {
        for (1 .. 400) {
            last if sent() > $was;
            sleep 0.005;
        }
    } else {
        sleep below(25) / 1000;
    }
    kill 'KILL', $job->{pid};
}

# The host does not answer, whether it has applied it or not.
sub hold_answers {
    set_fault($mock, pick(qw(silence=1 silence-after=1)));
    return sent();
}

sub one_run {
    my ($tick, $is_killed) = @_;
    my $file = "$acme/../summary.json";
    unlink $file, $usage;
    my $is_held = $is_killed && !$is_away && !$trouble
        && (below(2) || every_part(12, $tick));
    my $was = $is_held ? hold_answers() : undef;
    my $before = $is_killed && sql('SELECT sum(attempts) FROM release');
    my $job = at_clock(sub {
        local $ENV{USAGE_FILE} = $usage;
        spawn('run', $ENV{OMNITRON}, 'run', '--summary', $file,
            "$acme/release.lua");
    }, $tick);
    kill_it($job, $was) if $is_killed;
    my ($code, $out, $err) = finish($job);
    set_fault($mock, undef) if $is_held;
    $said .= $out . $err;
    if ($code == -9) {
        my $check = sql('PRAGMA integrity_check');
        push @wrong, "tick $tick, killed: $check" if $check ne 'ok';
        push @killed, { attempts =>
            (sql('SELECT sum(attempts) FROM release') || 0) - ($before || 0),
            sending => sql("SELECT count(*) FROM release"
                . " WHERE state = 'sending'") };
        return;
    }
    my $summary = -e $file ? summary($file) : {};
    push @runs, { %$summary, code => $code };
    push @usage, [split / /, slurp($usage) // ''];
    push @wrong, "tick $tick: exit $code: $err"
        if $code !~ /^[03456]$/ || !%$summary;
}

sub bad_sums {
    my ($run) = @_;
    my %s = %$run;
    my @bad;
    push @bad, "run $s{run}: exit $s{code}, and the summary says $s{exit}"
        if $s{code} != $s{exit};
    push @bad, "run $s{run}: the rows do not add up"
        if $s{rows} != $s{released} + $s{skipped} + $s{later} + $s{failed}
        + $s{invalid};
    push @bad, "run $s{run}: the releases do not add up"
        if $s{releases} + $s{carried} != $s{confirmed} + $s{already}
        + $s{rejected} + $s{conflict} + $s{unknown} + $s{pending};
    return @bad;
}

# --- the person and the housekeeping

sub applied {
    my ($bodies, $code) = @_;
    return grep { $_->{applied} && $_->{code} eq $code } @{ $bodies // [] };
}

sub a_visit {
    my ($tick) = @_;
    return if $is_away;
    my $ledger = ledger_of_all();
    at_clock(sub {
        visit($acme, sub {
            my ($row) = @_;
            return applied($ledger->{ $row->{order_item_id} }, $row->{code});
        }, split /\n/, sql('SELECT DISTINCT order_item_id FROM conflict'));
        omnitron('journal', 'retry', '--rejected', '--profile',
            "$acme/profile.lua");
    }, $tick);
    unlink glob "$acme/archive/*.csv";
}

my @sizes; # after each prune: { bytes, rows, notes, files, fds }

sub housekeeping {
    my ($tick) = @_;
    my ($code, $out, $err) = at_clock(sub {
        omnitron('journal', 'backup', '--profile', "$acme/profile.lua",
            "$acme/../copy.db");
    }, $tick);
    push @wrong, "backup: exit $code: $err" if $code != 0;
    my $age = int($ticks / 8) * 5;
    ($code, $out, $err) = at_clock(sub {
        omnitron('journal', 'prune', '--older-than', "${age}m", '--profile',
            "$acme/profile.lua");
    }, $tick);
    push @wrong, "prune: exit $code: $err" if $code != 0;
    my ($verify, $words) = omnitron('journal', 'verify', $acme);
    push @wrong, "verify: exit $verify: $words" if $verify != 0;
    push @sizes, {
        bytes => -s "$acme/journal.db", rows => scalar keys %{ erp_items() },
        notes => -s "$acme/journal.db.notes" || 0,
        files => scalar(() = glob "$acme/* $acme/inbox/*"),
        fds => $is_away ? 0 : scalar(() = glob "/proc/$mock->{pid}/fd/*"),
    };
}

for my $tick (1 .. $ticks) {
    at_clock(sub { }, $tick);
    host_away($tick);
    host_day($tick) if !$is_away;
    token_life($tick);
    at_part('mended', 0.45, $tick,
        sub { spill("$acme/rules.lua", $mended) });
    erp_work();
    my $is_killed = chance(25) || every_part(12, $tick);
    erp_drop("$acme/inbox", part(0.40, 1, $tick)) if $is_killed || chance(350);
    one_run($tick, $is_killed);
    a_visit($tick) if every_part(30, $tick);
    housekeeping($tick) if every_part(8, $tick);
}
my $took = time - $began;

# --- the faults heal

$trouble = $until = 0;
set_fault($mock, undef);
set_outage($mock, undef);
erp_work(1);
a_visit($ticks);
# Those that the host refused are due again after 24 hours; the person asks.
one_run($ticks + $_, 0) for 1 .. 2;
my $journal = journal($acme);
my $ledger = ledger_of_all();
is_deeply([grep { $journal->{$_}{state} !~ /^(confirmed|rejected|unknown)$/ }
        keys %$journal], [], 'healed: nothing is pending after two runs');
a_visit($ticks + 3);
one_run($ticks + $_, 0) for 4 .. 5;
housekeeping($ticks + 6);
$journal = journal($acme);
$ledger = ledger_of_all();

# --- one story

is_deeply([map { bad_sums($_) } @runs], [], 'every summary adds up');
is_deeply(\@wrong, [], 'every run and every word of a person went well');
cmp_ok(sum0(map { $_->{sending} } @killed), '>', 0,
    'some were killed while a release was on its way');
my %codes;
$codes{ $_->{code} }++ for @runs;
note('exit codes: ' . join ', ', map {"$_: $codes{$_} times"} sort keys %codes);

my $asked = erp_items();
is_deeply([grep { !$journal->{$_} } keys %$asked], [],
    'every item that the ERP dropped has a row');
is_deeply([grep { !$asked->{$_} } keys %$journal], [],
    'and no other item has one');
is_deeply([grep { !$journal->{$_} } keys %$ledger], [],
    'what reached the host is on disk');
is_deeply([grep { @{ $ledger->{$_} } > $journal->{$_}{attempts} }
        keys %$ledger], [], 'an item has no more bodies than attempts');
is_deeply([grep { $journal->{$_}{state} eq 'confirmed'
        && !applied($ledger->{$_}, $journal->{$_}{code}) } keys %$journal],
    [], 'what is confirmed was applied');
is_deeply([grep { $journal->{$_}{state} =~ /^(pending|rejected|cancelled)$/
        && applied($ledger->{$_}, $journal->{$_}{code}) } keys %$journal],
    [], 'what is not was not');
is_deeply([grep { 1 < grep { $_->{applied} } @{ $ledger->{$_} } }
        keys %$ledger], [], 'the host applied no item twice');
is_deeply([grep { $journal->{$_}{state} ne ($_ < 1_000_000 ? 'confirmed'
            : 'rejected') } keys %$journal], [],
    'in the end all is confirmed but what the host does not have');
is_deeply([grep { my $row = $journal->{$_};
        !grep { $_ eq $row->{code} } @{ $asked->{ $row->{order_item_id} } } }
        keys %$journal], [], 'with a code that the ERP gave');
is_deeply([glob "$acme/inbox/*"], [], 'every file went to the archive');

my %confirmed = map { split /\|/ } split /\n/,
    sql("SELECT run, count(*) FROM release WHERE state = 'confirmed'"
        . ' AND mapping_pk IS NOT NULL GROUP BY run');
my %by_run = map { $_->{run} => $_ } @runs;
is(scalar keys %by_run, scalar @runs, 'no two runs have one number');
is_deeply([grep { ($confirmed{$_} // 0) != $by_run{$_}{confirmed} }
        keys %by_run], [], 'each run confirmed what its summary says');
my $by_person = sql("SELECT count(*) FROM release WHERE state = 'confirmed'"
    . ' AND mapping_pk IS NULL');
is(sum0(values %confirmed) + $by_person,
    scalar(grep { $_->{state} eq 'confirmed' } values %$journal),
    'by runs or by a person, and no other way');
# A row counts an attempt as soon as it is written down, a summary when it is
# made: between the two a run may stop sending.
my $bodies = sum0(map { scalar @$_ } values %$ledger);
my $made = sum0(map { $_->{attempts} } @runs, @killed);
cmp_ok($bodies, '<=', $made, 'the bodies at the host are attempts of a run');
cmp_ok($made, '<=', sum0(map { $_->{attempts} } values %$journal),
    'and these are attempts of a row');

my %table = map { split /\|/, $_, 2 } split /\n/,
    sql('SELECT id, exit FROM run WHERE ended_at IS NOT NULL');
is_deeply([grep { $by_run{$_} && $table{$_} != $by_run{$_}{code} }
        keys %table], [], 'the table of runs has their exit codes');
# A kill may fall behind the last word of a run.
cmp_ok(scalar(grep { !$by_run{$_} } keys %table), '<=', scalar @killed,
    'and no others, but of runs that were killed at their end');
my $latest = max(keys %by_run);
is(sql('SELECT max(id) FROM run'), $latest, 'the latest run is the latest');
cmp_ok($latest, '<=', @runs + @killed, 'every number was a run');
my ($last) = split /\n/, sql("SELECT summary FROM run WHERE id = $latest");
is_deeply(JSON::PP->new->decode($last),
    { map { $_ => $runs[-1]{$_} } grep { $_ ne 'code' } keys %{ $runs[-1] } },
    'a summary in the table is the one that was written');
like($runs[-1]{code}, qr/^[03]$/, 'the last run has no more to say than that'
    . ' the host lacks some');

is(index(join('', $said, map { slurp($_) // '' } glob "$acme/journal.db*"),
    $token), -1, 'the token is in no file and in no word');
($code, $out, $err) = omnitron('journal', 'verify', $acme);
is($code, 0, 'verify finds nothing') or diag($out);

# What report says of the last hours, none of which is pruned.
SKIP: {
    my $minutes = int($ticks / 8) * 5 - 61;
    skip 'too few runs for a report', 4 if $minutes < 1;
    $minutes = 47 * 60 if $minutes > 47 * 60;
    my ($code, $out, $err) = at_clock(sub {
        omnitron('report', '--json', '--since', "${minutes}m", '--profile',
            "$acme/profile.lua");
    }, $ticks + 7);
    is($code, 0, 'report') or diag($err);
    my $report = JSON::PP->new->utf8->decode($out);
    my (%all, %late, %exits);
    for (values %$journal) {
        $all{ $_->{state} }++;
        $late{ $_->{state} }++ if $_->{last_at} ge $report->{from};
    }
    $exits{ $_->{code} }++
        for grep { $_->{started_at} ge $report->{from} } @runs;
    sub some { my ($n) = @_; return { map { $n->{$_} ? ($_ => $n->{$_}) : () }
            keys %$n } }
    is_deeply(some($report->{journal}), \%all, 'report: the whole journal');
    is_deeply(some($report->{releases}), \%late, 'report: the last hours');
    is_deeply({ map { $_->{exit} => $_->{runs} }
            grep { defined $_->{exit} } @{ $report->{runs}{exits} } },
        \%exits, 'report: the exit codes of their runs');
}

# --- what a month must not make grow

sub quarter {
    my ($which, $column) = @_;
    my $n = int(@usage / 4);
    my @part = $which == 1 ? @usage[0 .. $n - 1] : @usage[-$n .. -1];
    my @sorted = sort { $a <=> $b } map { $_->[$column] // 0 } @part;
    return ($sorted[int(@sorted / 2)], $sorted[-1]);
}

SKIP: {
    skip 'a sanitizer keeps what was freed', 3 if is_asan();
    my ($was, $was_most) = quarter(1, 0);
    my ($is, $is_most) = quarter(4, 0);
    note("memory of a run, KiB: first quarter $was (at most $was_most),"
        . " last $is (at most $is_most)");
    # SQLite's cache of pages fills as the journal gets there: 2 MiB.
    cmp_ok($is, '<=', $was + 2560, 'the memory of a run: 2.5 MiB more at most');
    cmp_ok($is_most, '<=', $was_most + 2560, 'and no more at its peak');
    ($was, $was_most) = quarter(1, 1);
    ($is, $is_most) = quarter(4, 1);
    cmp_ok($is_most, '<=', $was_most, 'no descriptor more is open at its end');
}
my ($first, $end) = @sizes[0, -1];
my $new = $end->{rows} - $first->{rows};
my $grown = $end->{bytes} - $first->{bytes};
note(sprintf 'journal: %d bytes for %d releases, then %d for %d',
    @$first{qw(bytes rows)}, @$end{qw(bytes rows)});
cmp_ok($grown, '<=', 400 * $new + 65536 + 300 * $ticks / 8,
    "the journal: 400 bytes for each of $new releases, and an eighth's runs");
cmp_ok(max(map { $_->{notes} } @sizes), '<=', 4096, 'the notes: 4 KiB');
cmp_ok($end->{files}, '<=', $first->{files} + 5, 'no files are left behind');
cmp_ok($end->{fds}, '<=', $first->{fds} + 4, 'the host has its descriptors');
note(sprintf '%d runs in %.0f s (%.1f ms), %d killed, %d bodies at the host',
    scalar @runs, $took, 1000 * $took / $ticks, scalar @killed, $bodies);
note(sum0(map { $_->{sending} } @killed) . ' releases met a kill on their way');
my $settled = settled();
note('settled: ' . join ', ', map {"$_ $settled->{$_}"} sort keys %$settled);
ok(stop_mock($mock), 'the mock ends well');
done_testing;
