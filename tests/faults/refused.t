#!/usr/bin/perl
# No false all-clear: what is rejected or in conflict is a trouble until it is
# confirmed, settled or cancelled, though its file went to the archive with
# the first run. Cron runs every 20 minutes, by a clock that is moved for each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

alarm 900; # a run that does not end fails

my $step = is_asan() ? 120 : 20; # minutes a run
my $n = 24 * 60 / $step; # runs a day
my $minute = 0; # of the clock, from now
$ENV{LD_PRELOAD} = "$ENV{BUILD}/faults/clock.so";

my $mock = start_mock('--items', '1-9999');

# What `init` makes, with an address and a token.
sub customer_of {
    my ($name, @lines) = @_;
    my $acme = folder() . "/$name";
    my ($code, $out, $err) = omnitron('init', $acme);
    is("$code$err", '0', "init $name") or BAIL_OUT($err);
    spill("$acme/profile.lua", 'return { ' . join(', ',
        qq(url = "$mock->{url}"), 'token_file = "token"', @lines) . ' }');
    spill("$acme/token", "mock\n", 0600);
    return $acme;
}

# Puts a file there that nobody has written to for a while.
sub drop {
    my ($acme, $name, @lines) = @_;
    my $file = "$acme/inbox/$name";
    spill($file, "item,erp_doc,erp_line,stock\n" . join '', map {"$_\n"} @lines);
    utime 1e9, 1e9, $file or die "$file: $!\n";
}

# One run as cron starts it: (code, err).
sub cron {
    my ($acme, @args) = @_;
    local $ENV{CLOCK_SHIFT} = $minute * 60;
    local $ENV{TERM};
    delete $ENV{TERM};
    my ($code, $out, $err) = omnitron('run', @args, "$acme/release.lua");
    # The mock's clock stays where it is, and that is said, once a day too.
    $err =~ s/^[^\n]*this machine's clock is[^\n]*\n//mg;
    $minute += $step;
    return ($code, $err);
}

# Runs $count times; the words that were said, and all exit codes.
sub cron_for {
    my ($count, @what) = @_;
    my (@said, %codes);
    for (1 .. $count) {
        my ($code, $err) = cron(@what);
        $codes{$code}++;
        push @said, $err =~ s/\s+/ /gr if $err ne '';
    }
    return (\@said, join ' ', sort keys %codes);
}

sub says {
    my ($said, $count, $title) = @_;
    is(scalar @$said, $count, $title) or diag(@$said);
}

sub planned {
    my ($acme, @args) = @_;
    local $ENV{CLOCK_SHIFT} = $minute * 60;
    my ($code, $out, $err) = omnitron('plan', @args, "$acme/release.lua");
    return ($code, $out =~ s/\s+/ /gr, $err);
}

sub decide {
    my ($acme, @words) = @_;
    my ($code, $out, $err) = omnitron('journal', @words, '--note', 'seen',
        '--profile', "$acme/profile.lua");
    is("$code$err", '0', "journal @words");
    return $out;
}

sub audits {
    my ($acme) = @_;
    return finish(spawn('sql', 'sqlite3', "$acme/journal.db",
        'SELECT order_item_id, who, what FROM audit ORDER BY id'));
}

# Of both, by the metrics and by the summary.
sub open_ones {
    my ($acme) = @_;
    my $m = slurp("$acme/m.prom");
    my @metrics = map {
        $m =~ /^omnitron_open_releases\{.*state="$_"\} (\d+)$/m ? $1 : 'none'
    } qw(rejected conflict);
    my $s = summary("$acme/s.json");
    is("$s->{open_rejected} $s->{open_conflicts}", "@metrics",
        'summary and metrics agree');
    return "@metrics";
}

subtest 'a rejected and a conflicting line, and cron' => sub {
    my $acme = customer_of('acme');
    my @run = ($acme, '--metrics', "$acme/m.prom", '--summary', "$acme/s.json");
    drop($acme, 'a.csv', '101,SO-1,10,own', '101,SO-2,10,own',
        '99999,SO-3,10,own');
    my ($code, $err) = cron(@run);
    is($code, 3, 'the first run: exit 3');
    like($err, qr/2 of 3 lines need a person/, 'both lines are told');
    unlike($err, qr/rejected or in conflict/, 'once');
    ok(-e "$acme/archive/a.csv", 'and the file is in the archive');
    is(open_ones($acme), '1 1', 'both are open');

    my ($said, $codes) = cron_for($n - 2, @run);
    says($said, 0, 'no line any more: silence for a day');
    is($codes, '3', 'and exit 3 each time');
    is(open_ones($acme), '1 1', 'both are open still');
    is((planned($acme))[0], 3, 'a plan ends as the run');
    like((planned($acme))[1], qr{2\ releases\ in\ the\ journal\ are\ rejected
        \ or\ in\ conflict:\ omnitron\ journal\ open\ \S+acme}x, 'and says why');
    like((planned($acme, '--json'))[2],
        qr/rejected or in conflict in the journal: 2; see/, 'JSON: beside it');

    ($said, $codes) = cron_for($n - 4, @run);
    says($said, 1, 'the next day: one message');
    like($said->[0], qr{^acme:\ 2\ releases\ are\ rejected\ or\ in\ conflict,
        \ the\ oldest\ since\ \d{4}-.*:\ (101\ 99999|99999\ 101)\ They\ were
        \ not\ released\.\ What\ to\ do\ about\ them:\ omnitron\ journal\ open
        \ \S+acme\ }x, 'how many, since when, and the next command') if @$said;
    is($codes, '3', 'and exit 3 each time');

    drop($acme, 'b.csv', '102,SO-4,10,own', '99999,SO-3,10,own');
    ($said) = cron_for(1, @run);
    says($said, 1, 'it comes again, and its refusal is over: one message');
    unlike($said->[0], qr/are rejected or in conflict|is rejected or in/,
        'the line alone is told') if @$said;

    decide($acme, 'settle', '99999', '--done');
    ($said, $codes) = cron_for(2, @run);
    says($said, 0, 'one is settled: nothing is over yet');
    is($codes, '3', 'and exit 3');
    is(open_ones($acme), '0 1', 'the conflict is open');
    like(decide($acme, 'cancel', '101'),
        qr/^1 conflict is cancelled: what was asked is dropped\.$/,
        'the conflict is cancelled');
    is((planned($acme))[0], 0, 'a plan: all is well');
    ($said, $codes) = cron_for(3, @run);
    is("@$said", 'acme: no release is rejected or in conflict any more. ',
        'all is well: said once');
    is($codes, '0', 'exit 0');
    is(open_ones($acme), '0 0', 'nothing is open');
    my ($rc, $audit) = audits($acme);
    like($audit, qr/^99999\|\S+\|settled: done$/m, 'an audit row for each');
    like($audit, qr/^101\|\S+\|conflict cancelled: asked was "SO-2\/10"/m,
        'with what was asked');
};

subtest 'a mended line' => sub {
    my $acme = customer_of('mended');
    set_fault($mock, 'status:400@201');
    drop($acme, 'a.csv', '201,SO-1,10,own');
    cron_for(1, $acme);
    set_fault($mock, undef);
    my ($said, $codes) = cron_for(2, $acme);
    is($codes . "@$said", '3', 'its file is gone: exit 3, and silence');
    drop($acme, 'b.csv', '201,SO-9,10,own');
    is((planned($acme))[0], 10, 'a plan takes it for confirmed');
    ($said, $codes) = cron_for(2, $acme);
    is("@$said", 'mended: no release is rejected or in conflict any more. ',
        'asked again and confirmed: said once');
    is($codes, '0', 'exit 0');
};

subtest 'more than are told apart' => sub {
    my $acme = customer_of('crowd');
    drop($acme, 'a.csv', '301,SO-1,10,own');
    cron_for(1, $acme);
    my ($code, $out, $err) = finish(spawn('sql', 'sqlite3',
        "$acme/journal.db", <<'SQL'));
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
INSERT INTO release (order_item_id, code, update_stock, state, attempts,
  attempt_stock, started_at, ms, sent, outcome, why, run, first_at, last_at)
 SELECT i + 10000, 'X-' || i, 1, 'rejected', 1, 1, 500, 9, 1, 'refused', 'no',
  1, 1000, 1000 FROM n;
SQL
    is("$code$err", '0', '999 of them');
    my ($said, $codes) = cron_for(3, $acme);
    says($said, 1, '3 runs: one message');
    like($said->[0], qr/999 releases are rejected or in conflict/, 'with all');
    is($codes, '3', 'exit 3');
    like(decide($acme, 'settle', '--all-rejected', '--not-done'),
        qr/^999 releases are pending now/, 'all go again');
    decide($acme, 'cancel', '--pending');
    ($said, $codes) = cron_for(2, $acme);
    is("@$said", 'crowd: no release is rejected or in conflict any more. ',
        'over: said once');
    is($codes, '0', 'exit 0');
};

subtest 'one code for one item' => sub {
    my $acme = customer_of('unique', 'unique_codes = true');
    drop($acme, 'a.csv', '401,SO-1,10,own', '402,SO-1,10,own');
    cron_for(1, $acme);
    my ($said, $codes) = cron_for(2, $acme);
    is($codes . "@$said", '3', 'the second is in conflict, and has no row');
    my ($code, $out) = omnitron('journal', 'verify', $acme);
    is($code, 0, 'the journal is whole');
    decide($acme, 'settle', '402', '--done');
    ($said, $codes) = cron_for(2, $acme);
    is("$codes @$said",
        '0 unique: no release is rejected or in conflict any more. ', 'settled');
    ($code, $out) = omnitron('journal', 'verify', $acme);
    is($code, 0, 'and whole');
};

subtest 'what could be called not done' => sub {
    my $hint = qr/Each was answered with 503\. If \S+ means "not applied" by that, say not_done = \{ 503 \}/;
    for (['status:503=1', 1], ['drop-after=1', 0]) {
        my ($fault, $hinted) = @$_;
        my $name = $fault =~ s/\W.*//r;
        my $acme = customer_of("hint_$name", 'first_look = false');
        set_fault($mock, $fault);
        drop($acme, 'a.csv', '501,SO-1,10,own');
        cron_for(1, $acme);
        set_fault($mock, 'status:503=1');
        drop($acme, 'b.csv', '502,SO-2,10,own');
        my ($said) = cron_for(1, $acme);
        set_fault($mock, undef);
        is($said->[0] =~ $hint ? 1 : 0, $hinted, "$name: the message")
            or diag($said->[0]);
        my ($code, $out) = omnitron('journal', 'open', $acme);
        $out =~ s/\s+/ /g;
        is($out =~ $hint ? 1 : 0, $hinted, "$name: journal open")
            or diag($out);
    }
};

subtest 'a log' => sub {
    my $acme = customer_of('log');
    drop($acme, 'a.csv', '99999,SO-3,10,own');
    cron_for(1, $acme);
    my $log = "$acme/log";
    $minute += 24 * 60;
    my ($code, $err) = cron($acme, '--log-format', 'json', '--log-file', $log);
    for my $text ($err, slurp($log)) {
        my @said = grep { $_->{text} =~ /rejected or in conflict/ }
            json_lines($text =~ s/^[^\n]*clock is[^\n]*\n//mgr);
        is(scalar @said, 1, 'a line of its own');
        is($said[0]{level}, 'warn', 'a warning');
    }
    unlink $log;
    ($code, $err) = cron($acme, '--log-format', 'json', '--log-file', $log);
    is($err, '', 'and silence after it');
    like(slurp($log), qr/1 release is rejected or in conflict/,
        'but for the file, which gets all');
};

subtest 'who decided' => sub {
    my $acme = customer_of('who');
    drop($acme, 'a.csv', '99999,SO-3,10,own');
    cron_for(1, $acme);
    my $me = getpwuid $<;
    for (['nobody', $> == 0 ? 'nobody' : $me], ['no-such-user', $me]) {
        local $ENV{SUDO_USER} = $_->[0];
        decide($acme, 'retry', '99999');
        my ($code, $audit) = audits($acme);
        like($audit, qr/^99999\|\Q$_->[1]\E\|to be sent again\n\z/m,
            "SUDO_USER $_->[0]: $_->[1]");
        delete $ENV{SUDO_USER};
        cron_for(1, $acme);
    }
};

ok(stop_mock($mock), 'the mock ends well');
done_testing;
