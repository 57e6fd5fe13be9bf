#!/usr/bin/perl
# prune, export and backup beside a run that works, under kill -9, on a disk
# that is full, before a reader that goes away.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use Rig;
use Test::More;
use Time::HiRes 'sleep';

my $mock = start_mock('--items', '1-999999');

sub word {
    my ($place, @words) = @_;
    return omnitron('journal', @words, '--profile',
        "$place->{path}/profile.lua");
}

# A journal with many rows, as sqlite3 makes them: each has what prune drops.
sub large {
    my ($place, $rows) = @_;
    sql($place, <<~"END");
        INSERT INTO run (id, started_at, ended_at, pid, exit, summary)
         VALUES (1, 1, 2, 7, 0, '{}');
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
          WHERE i < $rows)
         INSERT INTO release (order_item_id, code, update_stock, state,
          attempts, attempt_stock, applied_stock, started_at, ms, sent, curl,
          http_status, outcome, why, message, reply, mapping_pk, source, seen,
          run, first_at, last_at)
         SELECT 2000000 + i, 'C-' || i, 1, 'confirmed', 2, 1, 1, 1, 1, 1, 0,
          201, 'applied', 'w', '', zeroblob(200), i, 'lines.csv:' || i,
          hex(zeroblob(100)), 1, 1, 1 FROM n;
        INSERT INTO attempt (order_item_id, n, started_at, ms, code,
          update_stock, sent, curl, http_status, reply, outcome, why)
         SELECT order_item_id, 1, 1, 1, code, 1, 1, 0, 429, zeroblob(200),
          'not applied', 'w' FROM release;
        END
}

# --- export

my $place = fresh('export', $mock);
is((run_place($place))[0], 0, 'export: a run');
my @odd = ('=1+1', '+1', '-1', '@A1', "'=1", 'a"b,c;d', "=\"x\"", 'Ünlü|1');
for my $i (0 .. $#odd) {
    my $text = $odd[$i] =~ s/'/''/gr;
    my $item = $place->{items}[$i];
    sql($place, "UPDATE release SET code = '$text', message = '$text',
        name = char(9) || '$text' WHERE order_item_id = $item");
}
sql($place, "UPDATE release SET state = 'pending', last_at = 5
    WHERE order_item_id = $place->{items}[19]");

my ($code, $json, $err) = word($place, 'export', '--json');
is($code, 0, 'export --json') or diag($err);
is($json, (omnitron('journal', 'list', '--json', $place->{path}))[1],
    'export --json is as list --json');
($code, my $some, $err) = word($place, 'export', '--json', '--state',
    'pending');
is($some =~ tr/\n//, 1, 'export --state: only those');
($code, $some) = word($place, 'export', '--json', '--since', '1h');
is($some =~ tr/\n//, 19, 'export --since: a time back');
($code, $some) = word($place, 'export', '--json', '--since', '1971-01-01');
is($some =~ tr/\n//, 19, 'export --since: a moment');

($code, my $csv, $err) = word($place, 'export', '--csv');
is($code, 0, 'export --csv') or diag($err);
like($csv, qr/^\xef\xbb\xbforder_item_id,code,update_stock,state,attempts,http_status,mapping_pk,message,source,name,run,script,first_at,last_at\r\n/,
    'export --csv: a byte order mark and a header');
is($csv =~ s/\r\n//gr =~ tr/\r\n//, 0, 'export --csv: lines end in CRLF');
is($csv =~ s/\r\n//g, 21, 'export --csv: a line for each row');

# What csv.rows of our own reads back is what the journal has.
spill("$place->{path}/all.csv", (word($place, 'export', '--csv'))[1]);
spill("$place->{path}/read.lua", <<~'END');
    for row in csv.rows(arg[1]) do
      print(json.encode { code = row.code, message = row.message,
        name = row.name, item = row.order_item_id, state = row.state,
        pk = row.mapping_pk, at = row.last_at })
    end
    END
($code, my $out, $err) = omnitron('run', "$place->{path}/read.lua",
    "$place->{path}/all.csv");
is($code, 0, 'export --csv: csv.rows reads it') or diag($err);
my @read = map { body($_) } split /\n/, $out;
sub body { return JSON::PP->new->utf8->decode($_[0]) }
my @rows = map { body($_) } split /\n/, $json;
is(scalar @read, 20, 'export --csv: all of it');
my $runs_as_formula = qr/^[=+\-@\t\r\n]/;
is_deeply([grep { /$runs_as_formula/ }
        map { @$_{qw(code message name)} } @read], [],
    'export --csv: no cell is run by a spreadsheet');
my ($tab, $quote) = ("\t", "'");
is_deeply([map { my $r = $_; [map { $r->{$_} =~ s/^'//r }
            qw(item code message name state pk at)] } @read],
    [map { [$_->{order_item_id}, $_->{code}, $_->{message}, $_->{name},
            $_->{state}, $_->{mapping_pk} // '', $_->{last_at}] } @rows],
    'export --csv: one apostrophe less, and it is the text');

($code, $out, $err) = finish(spawn('full', 'sh', '-c',
    qq(exec "$ENV{OMNITRON}" journal export --csv --profile )
    . qq("$place->{path}/profile.lua" >/dev/full)));
is($code, 7, 'export to a full disk: exit 7');
like($err, qr/not complete.*No space left/, 'export to a full disk: said');

my $big = fresh('big', $mock);
large($big, 20000);
for my $how ('--csv', '--json') {
    ($code, $out, $err) = finish(spawn('pipe', 'bash', '-c',
        qq("$ENV{OMNITRON}" journal export $how --profile )
        . qq("$big->{path}/profile.lua" | head -n 1 >/dev/null; )
        . 'exit ${PIPESTATUS[0]}'));
    is($code, 2, "export $how, the reader goes away: exit 2");
    like($err, qr/not complete: its reader closed the pipe/,
        "export $how, the reader goes away: said");
}
($code, $out) = word($big, 'export', '--json');
is($out =~ tr/\n//, 20000, 'export of 20 pages: each row');
my %once = map { $_ => 1 } $out =~ /^\{"order_item_id":(\d+)/mg;
is(scalar keys %once, 20000, 'export of 20 pages: once');

# --- backup

sub backup {
    my ($place, $to) = @_;
    return word($place, 'backup', $to);
}

my $copy = folder() . '/copy.db';
($code, $out, $err) = backup($big, $copy);
is($code, 0, 'backup') or diag($err);
like($out, qr/whole: 20000 releases, up to run 1/, 'backup: says what');
is((stat $copy)[2] & 07777, 0600, 'backup: mode 0600');
is_deeply([glob "$copy*"], [$copy], 'backup: nothing beside it');
my $dump = 'SELECT count(*), sum(order_item_id), sum(length(seen)) FROM release';
is(finish(spawn('sql', 'sqlite3', $copy, $dump)),
    finish(spawn('sql', 'sqlite3', "$big->{path}/journal.db", $dump)),
    'backup: the same rows');
unlink map {"$copy-$_"} 'wal', 'shm';
is((backup($big, $copy))[0], 0, 'backup: an earlier one is replaced');

my %refused = (
    'the journal' => "$big->{path}/journal.db",
    'its log' => "$big->{path}/journal.db-wal",
    'its notes' => "$big->{path}/journal.db.notes",
    'the journal by another way' => "$big->{path}/../big/journal.db",
    'another journal' => "$place->{path}/journal.db",
    'any file' => "$big->{path}/rules.lua",
    'a folder' => $big->{path},
    'a link' => "$big->{path}/link",
    'no folder' => "$big->{path}/none/copy.db",
);
symlink $copy, "$big->{path}/link";
for my $what (sort keys %refused) {
    my $was = -f $refused{$what} ? slurp($refused{$what}) : undef;
    ($code, $out, $err) = backup($big, $refused{$what});
    is($code, 2, "backup over $what: exit 2") or diag($err);
    is(-f $refused{$what} ? slurp($refused{$what}) : undef, $was,
        "backup over $what: it stays");
}
ok(-l "$big->{path}/link", 'backup over a link: it is one still');
is_deeply([glob "$big->{path}/*.new-*"], [], 'backup: nothing half is left');

# A copy that a run has used is a journal, and knows more than the journal.
my $used = fresh('used', $mock);
backup($used, "$used->{path}/copy.db");
spill("$used->{path}/nothing.lua", '');
is((omnitron('run', '--journal', "$used->{path}/copy.db",
        "$used->{path}/nothing.lua"))[0], 0, 'backup: it opens as a journal');
($code, $out, $err) = backup($used, "$used->{path}/copy.db");
is($code, 2, 'backup over a copy that was used: exit 2');
run_place($used) for 1 .. 2;
($code, $out, $err) = backup($used, "$used->{path}/copy.db");
is($code, 2, 'the same, though the journal knows more now: exit 2');
like($err, qr/a run has used it/, 'and it is said');

# Beside a run that commits all the time, and as often as it goes.
my $slow = start_mock('--items', '1-999999', '--latency', '2');
my $live = fresh('live', $slow, count => is_asan() ? 600 : 2000,
    at_once => 8);
large($live, 20000);
my $job = start_place($live);
sleep 0.02 until (requests($slow)->{'POST order_items/#/create_mapping/'}
    // 0) > 20;
my ($copies, @wrong) = (0);
for (1 .. 400) {
    last if kill(0, $job->{pid}) && waitpid($job->{pid}, POSIX::WNOHANG()) != 0;
    my ($code, $out, $err) = backup($live, $copy = folder() . "/live$_.db");
    $code == 0 or push @wrong, "exit $code: $err";
    my $check = (finish(spawn('sql', 'sqlite3',
        "file:$copy?immutable=1", 'PRAGMA integrity_check;'
        . "SELECT count(*) - 20000 > 0 FROM release")))[1] // '';
    push @wrong, "copy: $check" if $check ne "ok\n1\n";
    unlink $copy;
    $copies++;
}
my $run_exit = $? >> 8;
is_deeply(\@wrong, [], "$copies backups beside a run: each is whole");
cmp_ok($copies, '>', 0, 'some were made');
is($run_exit, 0, 'and the run ends well');
is_deeply([bad_now($live)], [], 'and all is right');
ok(stop_mock($slow), 'the slow mock ends well');

# An older copy in the journal's place is refused, by the notes.
my $old = fresh('old', $mock);
run_place($old);
backup($old, "$old->{path}/copy.db");
run_place($old);
rename "$old->{path}/copy.db", "$old->{path}/journal.db";
($code, $out, $err) = run_place($old);
is($code, 2, 'an older copy in its place: exit 2');
like($err, qr/older copy.*counts: omnitron journal moved --journal \S+ --/,
    'an older copy in its place: says what to do');
omnitron('journal', 'moved', '--journal', "$old->{path}/journal.db",
    '--note', 'the backup');
is_deeply([bad_after_run($old)], [], 'and that helps');

# --- prune

# Cut short wherever it is: each release is there, and it goes on.
sub details {
    my ($place) = @_;
    return sql($place, 'SELECT count(*), count(seen) FROM release');
}

sub prune_cut_short {
    my ($case) = @_;
    my $place = fresh("cut$$-$case->{n}", $mock);
    large($place, 3000);
    my @prune = ($ENV{OMNITRON}, 'journal', 'prune', '--profile',
        "$place->{path}/profile.lua");
    my ($code, $out, $err) = finish(spawn('prune', 'env', preload(),
        "DISK_FAULT=$case->{fault}", @prune));
    my @bad;
    push @bad, "exit $code: $err" if $code !~ /^(0|2|7|-9)$/;
    my ($rows, $kept) = split /\|/, details($place);
    push @bad, "$rows rows" if $rows != 3000;
    push @bad, 'integrity' if sql($place, 'PRAGMA integrity_check') ne 'ok';
    my $verify = (omnitron('journal', 'verify', $place->{path}))[0];
    push @bad, "verify: exit $verify" if $verify != 0;
    ($code, $out, $err) = finish(spawn('prune', @prune));
    push @bad, "again: exit $code: $err" if $code != 0;
    push @bad, 'not finished' if details($place) ne '3000|0';
    system 'rm', '-rf', $place->{path};
    return { title => $case->{fault}, bad => \@bad, kept => $kept };
}

my $traced = fresh('traced', $mock);
large($traced, 3000);
my $trace = "$traced->{path}/trace";
finish(spawn('prune', 'env', preload(), "DISK_TRACE=$trace", $ENV{OMNITRON},
    'journal', 'prune', '--profile', "$traced->{path}/profile.lua"));
my %calls;
$calls{$_}++ for map { /^main (\S+) \S/ ? ('any', $1) : () }
    split /\n/, slurp($trace);
my $n = 0;
my @cases = map { { fault => "main:any:any:$_:kill", n => ++$n } }
    every(1, grep { $_ % 47 == 1 } 1 .. $calls{any});
for my $fault (['pwrite', 28], ['pwrite', 'short'], ['fdatasync', 5]) {
    my ($call, $what) = @$fault;
    my $step = int($calls{$call} / 8) || 1;
    push @cases, map { { fault => "main:$call:any:$_:$what", n => ++$n } }
        every(1, grep { $_ % $step == 1 || $step == 1 } 1 .. $calls{$call});
}
my @answers = in_parallel(\&prune_cut_short, @cases);
is_deeply([map { my $a = $_; map {"$a->{title}: $_"} @{ $a->{bad} } } @answers],
    [], scalar @cases . ' prunes are cut short: nothing is lost');
ok((grep { $_->{kept} > 0 && $_->{kept} < 3000 } @answers),
    'some were in the middle');

# It waits for a run, and a run does not begin beside it.
my $held = fresh('held', $mock);
open my $lock, '>>', "$held->{path}/journal.db.lock" or die "lock: $!\n";
flock $lock, 2 or die "flock: $!\n";
my $waiting = spawn('waiting', $ENV{OMNITRON}, 'journal', 'prune', '--profile',
    "$held->{path}/profile.lua");
sleep 0.3;
close $lock;
is((finish($waiting))[0], 0, 'prune waits for who holds the journal');

# No room to write it anew: pruned all the same, said, and done the next time.
SKIP: {
    my $at = mounted('small', '100m')
        or skip 'a disk to fill is made by mount, which needs root', 6;
    my $place = fresh('small/acme', $mock);
    large($place, 40000);
    ($code, $out, $err) = word($place, 'prune');
    is($code, 0, 'prune without room: exit 0') or diag($err);
    like($out, qr/To make it smaller, its disk needs \d+ MiB of room/,
        'prune without room: said');
    is(details($place), '40000|0', 'prune without room: it is pruned');
    my $size = -s "$place->{path}/journal.db";
    system 'mount', '-o', 'remount,size=400m', $at;
    ($code, $out, $err) = word($place, 'prune');
    is($code, 0, 'prune with room: exit 0') or diag($err);
    cmp_ok(-s "$place->{path}/journal.db", '<', $size / 2,
        'prune with room: the file is smaller');
    is(details($place), '40000|0', 'prune with room: each row is there');
}
ok(stop_mock($mock), 'the mock ends well');
done_testing;
