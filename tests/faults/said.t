#!/usr/bin/perl
# Cron hears of a trouble when it is new, once a day while it lasts, and when
# it is over; the exit code tells it each time, and a person hears everything.
# Runs every 20 minutes (5 in the long form), by a clock that is moved for
# each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Fcntl ':flock';
use Test::More;

alarm 900; # a run that does not end fails

my $step = $ENV{OMNITRON_SOAK} ? 5 : is_asan() ? 30 : 20; # minutes a run
my $n = 24 * 60 / $step; # runs a day
my $minute = 0; # of the clock, from now
$ENV{LD_PRELOAD} = "$ENV{BUILD}/faults/clock.so";

# One run as cron starts it, or with what is given in %$how: { code, err }.
sub cron {
    my ($acme, $script, @args) = @_;
    local $ENV{CLOCK_SHIFT} = $minute * 60;
    local $ENV{TERM};
    delete $ENV{TERM};
    my ($code, $out, $err) = omnitron('run', @args, "$acme/$script");
    is($out, '', 'nothing on stdout') if $out ne '';
    # The mock's clock stays where it is, and that is said, once a day too.
    $err =~ s/^[^\n]*this machine's clock is[^\n]*\n//mg;
    return { code => $code, err => $err };
}

# Runs $count times; what was said, as { minute, code, err }, and all the exit
# codes that there were.
sub cron_for {
    my ($count, @what) = @_;
    my (@said, %codes);
    for (1 .. $count) {
        my $run = cron(@what);
        $codes{ $run->{code} }++;
        push @said, { %$run, minute => $minute } if $run->{err} ne '';
        $minute += $step;
    }
    return (\@said, join ' ', sort keys %codes);
}

sub says {
    my ($said, $n, $title) = @_;
    is(scalar @$said, $n, $title)
        or diag(map {"$_->{minute}: $_->{err}"} @$said);
}

sub start_customer {
    my ($name, $url, @lines) = @_;
    my $acme = customer($name, 'mock', qq(url = "$url"),
        'token_file = "token"', 'timeout = 2', @lines);
    spill("$acme/release.lua", <<'LUA');
omnitron.release_all(csv.rows(here("lines.csv")), function(row)
  if row.code:find("^bad") then error("no warehouse '" .. row.code .. "'") end
  return { order_item_id = math.tointeger(row.item), code = row.code }
end, { name = function(row) return row.code end })
LUA
    return $acme;
}

sub still_open {
    my ($acme) = @_;
    my ($code, $out, $err) = omnitron('journal', 'open', $acme);
    is("$code$err", '0', 'journal open: exit 0');
    return $out;
}

sub lines {
    my ($acme, @lines) = @_;
    spill("$acme/lines.csv", join '', "item;code\n", map {"$_\n"} @lines);
}

my $mock = start_mock('--items', '1-9999');
my ($host) = $mock->{url} =~ m{//(.*)};

# Minutes are told from the start of a subtest by what is in $minute.
subtest 'one unknown row for a day' => sub {
    my $acme = start_customer('two words', $mock->{url});
    lines($acme, '101;A/1', '102;A/2');
    set_fault($mock, 'status-after:500@101');
    my ($said, $codes) = cron_for($n, $acme, 'release.lua');
    set_fault($mock, undef);
    says($said, 1, "$n runs, one message");
    is($codes, '4', 'and exit 4 each time');
    like($said->[0]{err}, qr/^two words: 1 release is unknown.*\n  101\n/s,
        'its item');
    like($said->[0]{err}, qr/\n  omnitron journal open '\Q$acme\E'\n/,
        'how to see it again');
    like($said->[0]{err}, qr/settle --profile\s+'\Q$acme\E\/profile\.lua'\s+--all/,
        'and what to say then, as a shell reads it');
    ($said) = cron_for(2, $acme, 'release.lua');
    says($said, 1, 'the next day, one more');
    lines($acme, '103;A/3');
    set_fault($mock, 'status-after:500@103');
    ($said) = cron_for(2, $acme, 'release.lua');
    set_fault($mock, undef);
    says($said, 1, 'another one is new');
    like($said->[0]{err}, qr/2 releases are unknown.*\n  103\n/s,
        'it is named, the other is not');
    omnitron('journal', 'settle', '--profile', "$acme/profile.lua",
        '--all-unknown', '--done', '--note', 'seen');
    ($said, $codes) = cron_for(3, $acme, 'release.lua');
    says($said, 1, 'settled: said once');
    like($said->[0]{err}, qr/^two words: no release is unknown any more\.\n\z/,
        'in one line');
    is($codes, '0', 'exit 0');
};

subtest 'a token that is revoked from 02:00 to 09:00' => sub {
    my $acme = start_customer('token', $mock->{url});
    lines($acme, '201;A/1');
    is_deeply([cron_for(12, $acme, 'release.lua')], [[], '0'],
        'an hour before: silence');
    set_outage($mock, '401');
    lines($acme, '202;A/2');
    my ($said, $codes) = cron_for(7 * 60 / $step, $acme, 'release.lua');
    says($said, 1, 'revoked: one message');
    is($codes, '6', 'and exit 6 each time');
    like($said->[0]{err}, qr/^token: \Q$host\E refused the token \(401 /,
        'what is wrong');
    like($said->[0]{err}, qr{Put\s+a\s+valid\s+token\s+into\s+\S*/token,\s+then\s+see:\s+omnitron\s+doctor\s+\S+\.
        \s+The\s+release\s+that\s+is\s+kept\s+goes\s+out\s+with\s+the\s+run\s+after\s+that\.}x,
        'what to do');
    unlike($said->[0]{err}, qr/itself|themselves/, 'and it does not go first');
    set_outage($mock, undef);
    ($said, $codes) = cron_for(12, $acme, 'release.lua');
    says($said, 1, 'valid again: one message');
    is($codes, '0', 'and exit 0');
    is($said->[0]{err} =~ s/\s+/ /gr, "token: $host takes the token again "
        . 'after 7 h 00 min. 1 kept release was sent, and confirmed. ',
        'how long, and what was kept');
};

subtest 'an outage from 01:10 to 02:12' => sub {
    my $acme = start_customer('outage', $mock->{url});
    lines($acme, '301;A/1');
    cron_for(2, $acme, 'release.lua');
    set_outage($mock, '502-html');
    lines($acme, map {"$_;B/$_"} 302 .. 331);
    my ($said, $codes) = cron_for(60 / $step, $acme, 'release.lua');
    says($said, 1, 'one message');
    is($codes, '5', 'and exit 5 each time');
    like($said->[0]{err} =~ s/\s+/ /gr, qr/^outage:\ \Q$host\E\ does\ not
        \ answer\ \(502\ Bad\ Gateway\)\.\ Nothing\ was\ sent\.\ 30\ releases\ are\ kept
        .*\ You\ need\ to\ do\ nothing\./x, 'what is wrong');
    my $open = still_open($acme);
    like($open, qr/^30 pending, since /m, 'journal open: what is kept');
    like($open, qr/^Since .* sending stopped:\n  \Q$host\E does not answer/m,
        'journal open: and why');
    set_outage($mock, undef);
    lines($acme, '301;A/1');
    $minute += 2;
    ($said, $codes) = cron_for(12, $acme, 'release.lua');
    says($said, 1, 'one message when it is over');
    is($said->[0]{err} =~ s/\s+/ /gr, "outage: $host answers again after "
        . '1 h 02 min. 30 kept releases were sent, all confirmed. ',
        'how long, and what was kept');
    is($codes, '0', 'exit 0');
    like(still_open($acme), qr/nothing waits for a person/,
        'journal open: nothing');
};

subtest 'a row that fails for three days' => sub {
    my $acme = start_customer('row', $mock->{url});
    lines($acme, '401;bad/1', '402;A/2');
    my ($said, $codes) = cron_for(3 * $n, $acme, 'release.lua');
    says($said, 3, 3 * $n . ' runs, three messages');
    is($codes, '3', 'and exit 3 each time');
    like($_->{err}, qr/1\ of\ 2\ lines\ needs\ a\ person\ \(run\ \d+,
        .*lines\.csv:2\ \ bad\/1\ \ failed:\s+release\.lua:2:
        \s+no\s+warehouse\s+'bad\/1'\n/xs, 'the row and the place')
        for @$said;
    $minute += 60;
    cron($acme, 'release.lua'); # the fourth
    lines($acme, '401;bad/1', '402;A/2', '403;bad/2', '404;bad/3');
    ($said) = cron_for(2, $acme, 'release.lua');
    says($said, 1, 'two more: one message');
    like($said->[0]{err}, qr/^\ \ failed:\ release\.lua:2\ \(2\)\n
        \ +\S*lines\.csv:4\ \ bad\/2:\ no\ warehouse\ 'bad\/2'\n
        \ +\S*lines\.csv:5\ \ bad\/3:\ no\ warehouse\ 'bad\/3'\n/mx,
        'the place once, the rows under it');
    like(still_open($acme), qr/^3\ failed\ or\ invalid\ in\ the\ last\ run,
        \ since\ .*lines\.csv:5\ \ bad\/3\ \ failed:\ release\.lua:2:/xms,
        'journal open: all three');
    like($said->[0]{err}, qr/1 other was said before and still needs one/,
        'the other is counted');
    lines($acme, '402;A/2');
    ($said, $codes) = cron_for(3, $acme, 'release.lua');
    says($said, 1, 'gone: one message');
    is($said->[0]{err}, "row: no line needs a person any more.\n",
        'in one line');
    is($codes, '0', 'exit 0');
};

subtest 'rows without a name' => sub {
    for my $keep ('true', 'false') {
        my $acme = start_customer("nameless $keep", $mock->{url},
            "keep_rows = $keep");
        spill("$acme/rule.lua", <<'LUA');
omnitron.each(csv.rows(here("lines.csv")), function(row)
  if row.item == "1" then error("no warehouse, " .. os.time() % 10 .. " s") end
  error("no warehouse " .. row.item)
end)
LUA
        for my $row ('1;A', '2;A', '3;A', $keep eq 'true' ? '1;B' : '4;A') {
            lines($acme, $row);
            my ($said) = cron_for(2, $acme, 'rule.lua');
            says($said, 1, "keep_rows = $keep: $row, once");
        }
    }
};

subtest 'thousands of rows' => sub {
    my $acme = start_customer('many', $mock->{url});
    lines($acme, map {"$_;bad/$_"} 1 .. 500);
    my ($said) = cron_for(3, $acme, 'release.lua');
    says($said, 1, '500: one message');
    cmp_ok($said->[0]{err} =~ tr/\n//, '<', 40, 'that is cut');
    like($said->[0]{err} =~ s/\s+/ /gr,
        qr/… and 480 more: omnitron journal open \S+ /,
        'and says how to see the rest');
    lines($acme, map {"$_;bad/$_"} 1 .. 3000);
    ($said) = cron_for(3, $acme, 'release.lua');
    says($said, 1, '3,000: one message');
    like($said->[0]{err}, qr/3000 of 3000 lines need a person/, 'with all');
    cmp_ok(-s "$acme/journal.db.notes", '<', 100_000, 'the notes are small');
    lines($acme, '5;A/5');
    ($said) = cron_for(2, $acme, 'release.lua');
    says($said, 1, 'gone: one message');
};

subtest 'hundreds of unknown releases' => sub {
    my $acme = start_customer('crowd', $mock->{url});
    lines($acme, '5000;A/1');
    cron_for(1, $acme, 'release.lua');
    my ($code, $out, $err) = finish(spawn('sql', 'sqlite3',
        "$acme/journal.db", <<'SQL'));
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
INSERT INTO release (order_item_id, code, update_stock, state, attempts,
  attempt_stock, started_at, ms, sent, outcome, why, run, first_at, last_at)
 SELECT i, 'X-' || i, 1, 'unknown', 1, 1, 500, 9, 1, 'unknown', 'cut', 1, 1, 1
 FROM n;
SQL
    is("$code$err", '0', '1,001 of them');
    my ($said, $codes) = cron_for(3, $acme, 'release.lua');
    says($said, 1, '3 runs: one message');
    like($said->[0]{err}, qr/1001 releases are unknown/, 'with all');
    lines($acme, '5001;A/2');
    set_fault($mock, 'status-after:500@5001');
    ($said) = cron_for(2, $acme, 'release.lua');
    set_fault($mock, undef);
    says($said, 1, 'one more, behind the others: one message');
    like($said->[0]{err}, qr/1002 releases are unknown/, 'that counts it')
        if @$said;
    omnitron('journal', 'settle', '--profile', "$acme/profile.lua",
        '--all-unknown', '--done', '--note', 'seen');
    ($said, $codes) = cron_for(2, $acme, 'release.lua');
    says($said, 1, 'settled: said once');
    is($said->[0]{err}, "crowd: no release is unknown any more.\n",
        'in one line') if @$said;
    is($codes, '0', 'exit 0');
};

subtest 'no run begins' => sub {
    my $acme = start_customer('setup', $mock->{url});
    lines($acme, '501;A/1');
    my $profile = slurp("$acme/profile.lua");
    my @faults = (
        ['an unreadable token file', sub { chmod 0644, "$acme/token" },
            sub { chmod 0600, "$acme/token" }],
        ['no journal', sub { rename "$acme/journal.db", "$acme/away" },
            sub { rename "$acme/away", "$acme/journal.db" }],
        ['a bad profile', sub { spill("$acme/profile.lua", 'return {') },
            sub { spill("$acme/profile.lua", $profile) }],
    );
    for (@faults) {
        my ($name, $break, $mend) = @$_;
        $break->();
        my ($said, $codes) = cron_for(12, $acme, 'release.lua');
        says($said, 1, "$name: one message");
        is($codes, '2', "$name: and exit 2 each time");
        $mend->();
        ($said, $codes) = cron_for(3, $acme, 'release.lua');
        says($said, 1, "$name: one message when it is mended");
        like($said->[0]{err}, qr/^setup: runs begin again after /,
            "$name: that says so");
        is($codes, '0', "$name: exit 0");
    }
};

subtest 'a script that does not come to its end' => sub {
    my $acme = start_customer('script', $mock->{url});
    spill("$acme/broken.lua", 'error("ERP said " .. os.time())');
    my ($said, $codes) = cron_for(12, $acme, 'broken.lua');
    says($said, 1, 'one message, whatever the time in it');
    is($codes, '1', 'and exit 1 each time');
    lines($acme, '601;A/1');
    is_deeply([cron_for(2, $acme, 'release.lua')], [[], '0'],
        'another script is not concerned');
    spill("$acme/broken.lua", '');
    ($said) = cron_for(2, $acme, 'broken.lua');
    says($said, 1, 'mended: one message');
    is($said->[0]{err}, "script: broken.lua comes to its end again.\n",
        'that says so');
};

subtest 'a secret' => sub {
    spill(folder() . '/erp.key', "s3cret-of-the-erp\n", 0600);
    my $acme = start_customer('secret', $mock->{url},
        'settings = { key = secret "../erp.key" }');
    lines($acme, '1;bad/1');
    for my $before (0, 190, 990, 3990) { # where texts are cut
        spill("$acme/key.lua", "local words = ('x'):rep($before) .. "
            . "settings.key\nlog.warn(words, { words = words })\n"
            . "omnitron.release_all({ {} }, function() error(words) end)\n"
            . "error(words)\n");
        for my $format ('text', 'json') {
            my $log = "$acme/log$before.$format";
            my ($said) = cron_for(1, $acme, 'key.lua', '--log-format',
                $format, '--log-file', $log);
            my $all = join '', map {$_->{err}} @$said;
            my @seen = grep { /s3c/ } $all, slurp($log),
                slurp("$acme/journal.db.notes"),
                `cat $acme/journal.db $acme/journal.db-wal 2>/dev/null`;
            is("@seen", '', "at $before, $format: nowhere");
            like($all, qr/\*\*\*|x/, "at $before, $format: but stars");
            $minute += 2 * 24 * 60;
        }
    }
};

subtest 'a lock that is held' => sub {
    my $acme = start_customer('held', $mock->{url});
    lines($acme, '701;A/1');
    cron_for(1, $acme, 'release.lua');
    open my $lock, '+<', "$acme/journal.db.lock" or die "the lock: $!\n";
    flock $lock, LOCK_EX or die "flock: $!\n";
    truncate $lock, 0;
    syswrite $lock, sprintf "process %d\nstarted %d000\nscript /a/long.lua\n",
        $$, time + $minute * 60;
    my ($said, $codes) = cron_for(24 * 60 / $step, $acme, 'release.lua');
    says($said, 1, 'a day: one message');
    is($codes, '11', 'and exit 11 each time');
    like($said->[0]{err}, qr/still holds .* has held it for 1 h .* kill $$\./,
        'after an hour');
    my $ahead = time + ($minute + 30 * 24 * 60) * 60;
    truncate $lock, 0;
    sysseek $lock, 0, 0;
    syswrite $lock, "process $$\nstarted ${ahead}000\nscript /a/long.lua\n";
    ($said) = cron_for(3, $acme, 'release.lua');
    says($said, 1, 'one that began in a month, by its clock: one message');
    like($said->[0]{err} =~ s/\s+/ /gr,
        qr/still holds .* began by a clock that was ahead\. .* kill $$\./,
        'that says so') if @$said;
    close $lock;
    ($said, $codes) = cron_for(2, $acme, 'release.lua');
    says($said, 1, 'let go: one message');
    is($codes, '0', 'exit 0');
};

subtest 'what a script logs' => sub {
    my $acme = start_customer('logs', $mock->{url});
    spill("$acme/log.lua", <<'LUA');
log.warn("the ERP took " .. os.time() % 1000 .. " ms")
log.error("no stock file")
LUA
    my ($said, $codes) = cron_for($n + 1, $acme, 'log.lua');
    says($said, 2, 'a day and a run: twice');
    is($codes, '0', 'and exit 0 each time');
    like($_->{err}, qr/^warn: the ERP took \d+ ms\nerror: no stock file\n\z/,
        'both lines') for @$said;
    spill("$acme/text.lua", <<'LUA');
local order = io.open(here("order")):read("l")
log.error("order " .. order .. " is not booked")
LUA
    spill("$acme/fields.lua", <<'LUA');
local order = io.open(here("order")):read("l")
log.warn("not booked", { order = order, took = os.time() % 1000 .. " ms" })
LUA
    for my $script ('text.lua', 'fields.lua') {
        for my $order (4711, 'SO-A', 'SO-B', 4712) {
            spill("$acme/order", $order);
            says([cron_for(2, $acme, $script)]->[0], 1,
                "$script: order $order is said, once");
        }
    }
};

subtest 'what is kept and what is cut, beside what is known' => sub {
    my $acme = start_customer('beside', $mock->{url}, 'tries = 2');
    lines($acme, '1001;bad/1', '1002;A/2');
    says([cron_for(2, $acme, 'release.lua')]->[0], 1, 'a row that fails');
    set_fault($mock, 'retry-after:1@1003');
    lines($acme, '1001;bad/1', '1009;A/9', '1003;A/3', '1004;A/4');
    my ($said, $codes) = cron_for(1, $acme, 'release.lua');
    says($said, 1, 'and a release that is kept: one message');
    like($said->[0]{err}, qr/^1 release is kept in the journal/m, 'that says so')
        if @$said;
    is($codes, '3', 'and exit 3');
    set_fault($mock, undef);

    my $slow = start_customer('cut', $mock->{url}, 'per_second = 2');
    lines($slow, '1101;bad/1');
    cron_for(1, $slow, 'release.lua');
    lines($slow, '1101;bad/1', map {"$_;A/$_"} 1102 .. 1150);
    ($said, $codes) = cron_for(2, $slow, 'release.lua', '--deadline', '1s');
    says($said, 1, 'a deadline that cuts both runs: one message');
    is($codes, '3', 'and exit 3 each time');
    like($said->[0]{err}, qr/^cut: the deadline has come\./m, 'that says so')
        if @$said;
};

subtest 'who hears everything' => sub {
    my $acme = start_customer('person', $mock->{url});
    lines($acme, '801;bad/1');
    says([cron_for(3, $acme, 'release.lua')]->[0], 1, 'cron: once');
    says([cron_for(3, $acme, 'release.lua', '-v')]->[0], 3,
        '-v: each time');
    for (1 .. 2) {
        my ($code, $out, $err) = omnitron('run', "$acme/release.lua");
        like("$code $err", qr/^3 .*bad\/1/s, 'a person with a pipe');
    }
    my $log = "$acme/log";
    my ($said) = cron_for(2, $acme, 'release.lua', '--log-file', $log);
    says($said, 0, 'cron: nothing');
    is(scalar(() = slurp($log) =~ /warn: release\.lua:2: no warehouse/g), 2,
        'the log file: each time');
    chmod 0555, $acme;
    rename "$acme/journal.db.notes", "$acme/notes" if $> != 0;
    chmod 0755, $acme;
    unlink "$acme/journal.db.notes";
    mkdir "$acme/journal.db.notes";
    says([cron_for(3, $acme, 'release.lua')]->[0], 3,
        'cron, where nothing can be noted: each time');
};

subtest 'JSON' => sub {
    my $acme = start_customer('json', $mock->{url});
    lines($acme, '901;bad/1', '902;A/1', '9999999;A/2');
    my ($said) = cron_for(3, $acme, 'release.lua', '--log-format', 'json');
    says($said, 1, 'one message');
    my @lines = json_lines($said->[0]{err});
    is_deeply([map { $_->{what} // '' } @lines], ['failed', 'rejected', ''],
        'a line for each');
    is($lines[0]{name}, 'bad/1', 'with the name of the row');
    is($lines[1]{item}, '9999999', 'and its item');
    like($lines[0]{source}, qr/lines\.csv:2$/, 'and its place');
    like($said->[0]{err}, qr/"exit":3,"run":\d+\}/, 'and the exit code');
};

ok(stop_mock($mock), 'the mock ends well');
done_testing;
