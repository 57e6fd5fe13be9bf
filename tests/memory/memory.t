#!/usr/bin/perl
# Every allocation of a small scenario (start, profile, script, three
# releases, a row that waits, one that fails, what cron hears of it) fails once:
# no crash, no leak, no lie in the journal, no silence.
use strict;
use warnings;
use File::Copy;
use FindBin;
use IO::Handle;
use JSON::PP;
use POSIX ();
use Test::More;
use lib "$FindBin::Bin/../faults";
use Rig;

my $build = $ENV{BUILD};
my $program = "$build/memory/omnitron";
my $asan = is_asan();
my $budget = $ENV{OMNITRON_SOAK} ? 1e9 : $asan ? 60 : 2000;
my $dir = folder();

$ENV{LSAN_OPTIONS} = "suppressions=$dir/suppressions:print_suppressions=0";
spill("$dir/suppressions", "leak:strbuf_new\n");

my $mock = start_mock();
my $url = $mock->{url};

spill("$dir/profile.lua", qq(return { url = "$url", token_file = "token" }\n));
spill("$dir/token", "mock\n");
chmod 0600, "$dir/token";
spill("$dir/s.lua", <<'LUA');
local base = math.tointeger(arg[1])
local rows = {}
for i = 1, 5 do rows[i] = { item = base + i, of = { "a", row = i } } end
local sum = omnitron.release_all(rows, function(row)
  if row.item == base + 4 then return nil, "not yet", "later" end
  if row.item == base + 5 then error("no warehouse") end
  return { order_item_id = row.item, code = "SO/" .. row.item }
end)
omnitron.remember("last", base)
LUA
my ($made) = omnitron('journal', 'new', $dir);
$made == 0 or die 'no journal';
rename "$dir/journal.db", "$dir/empty.db" or die;

# One run in a folder of its own, so that two can go at once.
sub run_at {
    my ($n, $work) = @_;
    mkdir $work;
    copy("$dir/$_", "$work/$_") for qw(profile.lua token s.lua);
    copy("$dir/empty.db", "$work/journal.db");
    unlink map { "$work/$_" }
        qw(journal.db-wal journal.db-shm journal.db.notes report);
    chmod 0600, "$work/token";
    local $ENV{MEM_FAIL_AT} = $n;
    local $ENV{MEM_REPORT} = "$work/report";
    my $base = 1_000_000 + 10 * $n;
    my $status = system("env -u TERM timeout -s KILL 20 $program run"
          . " --metrics $work/m.prom --ping $url/ping $work/s.lua $base"
          . " </dev/null >$work/out 2>$work/err");
    return ($status, $base);
}

my %fine = map { $_ => 1 } 0, 1, 2, 3, 4, 5, 7, 70;

sub faults_of {
    my ($n, $work) = @_;
    my ($status, $base) = run_at($n, $work);
    my ($calls, $left) = split ' ', (-e "$work/report" ? slurp("$work/report") : '') || '0 -1';
    my $code = $status >> 8;
    my $err = slurp("$work/err");
    my @faults;
    push @faults, "status $status" if $status & 127 || !$fine{$code};
    push @faults, "$left blocks left" if $left;
    push @faults, "silent exit $code" if $code && !length $err;
    push @faults, "said: " . substr $err, 0, 300 if @faults;
    return ($calls, @faults);
}

# The states of a run's rows, as "item state" lines.
sub rows_of {
    my ($work) = @_;
    my $rows = `sqlite3 $work/journal.db "select 'row ' || order_item_id
        || ' ' || state from release"`;
    return $rows;
}

my ($calls, @clean) = faults_of(0, "$dir/w0");
is_deeply(\@clean, [], 'nothing fails: nothing is amiss');
my $step = int($calls / $budget) + 1;
my @kids;
for my $half (0, 1) {
    pipe my $in, my $out or die $!;
    my $kid = fork;
    if (!$kid) {
        for (my $n = 1 + $half * $step; $n <= $calls; $n += 2 * $step) {
            my (undef, @faults) = faults_of($n, "$dir/w$half");
            print $out "allocation $n: $_\n" for @faults;
            print $out rows_of("$dir/w$half");
        }
        $out->flush;
        POSIX::_exit(0);
    }
    close $out;
    push @kids, $in;
}
my @said = map { my $in = $_; <$in> } @kids;
my @faults = grep { !/^row / } @said;
is(join('', @faults), '',
    "each of $calls allocations fails, every ${step}th tried");

my %state = map { /^row (\d+) (\w+)/ ? ($1 => $2) : () } @said;
my %applied;
for my $item (@{ decode_json(Rig::get($mock, '/__mock__/ledger')) }) {
    $applied{ $item->{order_item_id} } = 1
        if grep { $_->{applied} } @{ $item->{received} };
}
my @lies;
for my $item (sort keys %applied) {
    next if $item < 1_000_010;    # the clean run's
    my $state = $state{$item} // 'none';
    push @lies, "$item was applied and is $state"
        if $state !~ /^(confirmed|unknown|sending)$/;
}
for my $item (sort keys %state) {
    push @lies, "$item is confirmed and was not applied"
        if $state{$item} eq 'confirmed' && !$applied{$item};
}
is_deeply(\@lies, [], 'the journal tells no lie');
ok(scalar(keys %applied) > 3, 'releases were made');
ok(stop_mock($mock), 'the mock ends well');
done_testing;
