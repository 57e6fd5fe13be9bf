#!/usr/bin/perl
# One run per journal: 50 starts at once, who is told of the one that works
# and who is not, --wait, what works beside a run, a holder that died.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Fcntl ':flock';
use Test::More;
use Time::HiRes 'sleep';

my $starts = is_asan() ? 15 : 50;

alarm 300; # a run that does not end fails
delete $ENV{TERM}; # as cron starts it

my $mock = start_mock('--items', '1-999999', '--latency', '20');
my $acme = customer('acme', 'mock', qq(url = "$mock->{url}"),
    'token_file = "token"', 'at_once = 4');
my @command = ($ENV{OMNITRON}, 'run');

# It releases three items, then works until `stop` is there.
spill("$acme/long.lua", <<'LUA');
local first = tonumber(arg[1])
io.open(here("started-" .. first), "w"):close()
omnitron.release_all({ first, first + 1, first + 2 }, function(item)
  return { order_item_id = item, code = "SO-" .. item }
end)
while not io.open(here("stop")) do
  sleep(0.05)
end
LUA
spill("$acme/short.lua", <<'LUA');
assert(omnitron.release{ order_item_id = 900, code = "SO-900" })
LUA

sub start_long {
    my ($first) = @_;
    unlink "$acme/stop";
    my $job = spawn("long$first", @command, "$acme/long.lua", $first);
    sleep 0.01 until -e "$acme/started-$first";
    return $job;
}

sub stop_long {
    my ($job) = @_;
    spill("$acme/stop", '');
    return finish($job);
}

# The short one, for a person; what is said on the terminal.
sub on_terminal {
    my $line = join ' ', map {"'$_'"} @command, @_, "$acme/short.lua";
    my ($code, $out)
        = finish(spawn('terminal', 'script', '-qec', $line, '/dev/null'));
    return ($code, $out =~ s/\r\n/\n/gr);
}

my $names_it = qr/started\ at\ \d\d:\d\d:\d\d
    \ \(process\ \d+,\ [^)]*long\.lua\)\ still\ holds\ the\ journal/x;

sub is_alive {
    my ($pid) = @_;
    return (slurp("/proc/$pid/stat") // '') =~ m{\) [^Z] };
}

# All ask for the same items.
{
    my @jobs = map { spawn("start$_", @command, "$acme/long.lua", 101) }
        1 .. $starts;
    my @left = @jobs;
    while (@left > 1) { # the others end by themselves
        sleep 0.02;
        @left = grep { is_alive($_->{pid}) } @left;
    }
    spill("$acme/stop", '');
    my (%codes, @said);
    for my $job (@jobs) {
        my ($code, $out, $err) = finish($job);
        $codes{$code}++;
        push @said, $out . $err if $out . $err ne '';
    }
    is_deeply(\%codes, { 0 => 1, 11 => $starts - 1 },
        "$starts starts at once: one runs, the others end with 11");
    is_deeply(\@said, [], 'cron is told nothing');
    my $received = ledger($mock);
    is_deeply([map { scalar @{ $received->{$_} // [] } } 101 .. 103],
        [1, 1, 1], 'nothing was sent twice');
}

# Who is told, and what works beside a run.
{
    my $job = start_long(111);
    my ($code, $out, $err) = omnitron('run', "$acme/short.lua");
    is("$code $out$err", '11 ', 'cron comes again: nothing is said');
    ($code, $out, $err) = omnitron('run', '-v', "$acme/short.lua");
    is($code, 11, '-v: exit 11');
    like($err, $names_it, '-v: it says who holds it and since when');
    is($err =~ tr/\n//, 1, '-v: in one line');
    ($code, $out) = on_terminal();
    is($code, 11, 'on a terminal: exit 11');
    like($out, $names_it, 'on a terminal: it says so too');
    is($out =~ tr/\n//, 1, 'on a terminal: in one line');
    omnitron('run', '--summary', "$acme/none.json", "$acme/short.lua");
    ok(!-e "$acme/none.json", 'a run that did nothing writes no summary');

    for my $words (['list', $acme], ['list', '--json', $acme],
        ['open', $acme], ['verify', $acme],
        ['show', '--profile', "$acme/profile.lua", '111'])
    {
        ($code, $out, $err) = omnitron('journal', @$words);
        is("$code $err", '0 ', "journal $words->[0] works beside a run");
    }
    ($code, $out, $err) = stop_long($job);
    is("$code $out$err", '0 ', 'the run notices nothing of them');
    ok(!ledger($mock)->{900}, 'those that did not run sent nothing');
}

# --wait: it goes when the other has ended, and not before.
{
    my $job = start_long(121);
    my ($code, $out, $err)
        = omnitron('run', '--wait', '200ms', '-v', "$acme/short.lua");
    is($code, 11, '--wait in vain: exit 11');
    like($err, $names_it, '--wait in vain: it says who holds it');
    my @wait = (@command, '--wait', '5m', "$acme/short.lua");
    my ($waiting, $ended) = (spawn('waiting', @wait), spawn('ended', @wait));
    sleep 0.3;
    ok(!ledger($mock)->{900}, '--wait: it waits');
    kill 'TERM', $ended->{pid};
    ($code, $out, $err) = finish($ended);
    like("$code $out$err", qr/^(?:11|-15) $/, '--wait: a signal ends it');
    stop_long($job);
    ($code, $out, $err) = finish($waiting);
    is("$code $out$err", '0 ', '--wait: then it runs');
    is(scalar @{ ledger($mock)->{900} // [] }, 1, '--wait: and releases');
}

# Another holder, whose name is written by hand.
sub hold {
    my ($text) = @_;
    open my $file, '+<', "$acme/journal.db.lock" or die "the lock: $!\n";
    flock $file, LOCK_EX or die "flock: $!\n";
    write_name($file, $text);
    return $file;
}

sub write_name {
    my ($file, $text) = @_;
    truncate $file, 0;
    sysseek $file, 0, 0;
    syswrite $file, $text if $text ne '';
}

sub holder {
    my ($process, $seconds_ago) = @_;
    return sprintf "process %d\nstarted %d000\nscript /srv/acme/long.lua\n",
        $process, time - $seconds_ago;
}

my $dead = spawn('dead', 'true');
finish($dead);

my $n = 0;

# Who has to wait for it is told so at a terminal, and for whom.
for (
    ['journal', 'settle', 142, '--not-done', '--note', 'x'],
    ['journal', 'cancel', '--pending', '--note', 'x'],
    ['journal', 'retry', '--rejected'],
    ['journal', 'prune'],
    ['remember', 'k', 1],
    ['forget', 'k'],
    )
{
    my @words = ($ENV{OMNITRON}, @$_, '--journal', "$acme/journal.db");
    my $title = join ' ', @$_;
    $n++;
    unlink "$acme/started-141";
    my $job = start_long(141);
    my $line = join ' ', map {"'$_'"} @words;
    my $waits = spawn("waits$n", 'script', '-qefc', $line, '/dev/null');
    my $quiet = spawn("quiet$n", @words);
    sleep 0.02 until (slurp("$waits->{at}.out") // '') =~ /\n/
        || !is_alive($waits->{pid});
    my ($said) = slurp("$waits->{at}.out") =~ /^(.*?)\r\n/;
    like($said, qr/^waiting\ for\ the\ run\ that\ started\ at
        \ \d\d:\d\d:\d\d\ \(process\ $job->{pid}\)\ …$/x, "$title: waits");
    stop_long($job);
    unlike((finish($waits))[1], qr/still holds/, "$title: till it ends");
    unlike((finish($quiet))[2], qr/waiting/, "$title: no terminal, no word");
}

for (
    ['younger than an hour', holder($$, 3500), qr/^$/],
    ['older than an hour', holder($$, 3700), qr/\(process $$, .*long\.lua\)/],
    ['older than a day', holder($$, 90000), qr/started at \d{4}-\d\d-\d\d /],
    ['in words of its own', "hello\0\n", qr/another run still holds/],
    ['that is gone, long ago', holder($dead->{pid}, 9999), qr/still holds/],
    )
{
    my ($title, $text, $said) = @$_;
    my $lock = hold($text);
    my ($code, $out, $err) = omnitron('run', "$acme/short.lua");
    is("$code $out", '11 ', "a holder $title: exit 11");
    like($err, $said, "a holder $title: what cron is told");
}

# The lock is taken first and the name written after it: until then the file
# names nobody, or the run before it.
for my $text ('', holder($dead->{pid}, 90000)) {
    my $lock = hold($text);
    my $job = spawn('early', @command, "$acme/short.lua");
    sleep 0.15;
    write_name($lock, holder($$, 0));
    my ($code, $out, $err) = finish($job);
    is("$code $out$err", '11 ', 'a holder that begins: cron is told nothing');
}

{
    my $job = start_long(131);
    kill 'KILL', $job->{pid};
    is((finish($job))[0], -9, 'a holder that is killed');
    my ($code, $out, $err) = omnitron('run', "$acme/short.lua");
    is($code, 0, 'does not block the next run') or diag($err);
}

ok(stop_mock($mock), 'the mock ends well');
done_testing;
