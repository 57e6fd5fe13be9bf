#!/usr/bin/perl
# A signal, or the deadline, at the moments that matter: a second signal,
# before the first look has its answer, while a release waits for its next
# try, while Lua is busy, while what earlier runs left goes out.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

alarm 300; # a run that does not end fails

my $head = <<'LUA';
local first, last = tonumber(arg[1]), tonumber(arg[2])
local function touch(name)
  io.open(here(name), "w"):close()
end
local function guard(name)
  return setmetatable({}, { __close = function() touch(name) end })
end
local function release_of(item)
  return { order_item_id = item, code = "SO-" .. item }
end
local function wait_for(name)
  while not io.open(here(name)) do
    sleep(0.01)
  end
end
local rows = {}
for item = first, last do
  rows[#rows + 1] = item
end
LUA

# One customer after the other; each has 100 items of its own.
my $mock = start_mock('--items', '1-999999', '--latency', '20');
my ($at, $name) = (1000, 'acme0');

sub new_case {
    my ($title, $script, %more) = @_;
    $at += 100;
    my $acme = customer(++$name, 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"', 'at_once = 4', @{ $more{profile} // [] });
    spill("$acme/release.lua", $head . $script);
    return { title => $title, acme => $acme, first => $at,
        last => $at + ($more{rows} // 20) - 1 };
}

sub start {
    my ($case, @options) = @_;
    my $acme = $case->{acme};
    unlink "$acme/summary.json", "$acme/returned";
    $case->{job} = spawn($name, $ENV{OMNITRON}, 'run', '--summary',
        "$acme/summary.json", @options, "$acme/release.lua",
        @$case{qw(first last)});
    return $case;
}

# Its bodies at the mock: { item => how many }
sub bodies {
    my ($case) = @_;
    my $received = ledger($mock);
    return { map { $_ => scalar @{ $received->{$_} } }
        grep { $received->{$_} } $case->{first} .. $case->{last} };
}

sub has_file {
    my ($case, $file) = @_;
    return -e "$case->{acme}/$file";
}

# How many rows are in each state.
sub states {
    my ($case) = @_;
    my %count;
    my $rows = journal($case->{acme});
    $count{ $rows->{$_}{state} }++ for keys %$rows;
    return \%count;
}

sub ends {
    my ($case, $expected, $says) = @_;
    my ($code, $out, $err) = finish($case->{job});
    is($code, $expected, "$case->{title}: exit $expected") or diag($err);
    # On a busy machine Lua may be stopped meanwhile, and that is said first.
    like($err, qr/\A(?:error: the run was ended: .*\n)?\w+: $says/,
        "$case->{title}: why");
    my $s = summary("$case->{acme}/summary.json");
    is($s->{exit}, $expected, "$case->{title}: the summary has the code");
    is($s->{stopped}, undef, "$case->{title}: the host is not to blame");
    my $states = states($case);
    is($states->{sending}, undef, "$case->{title}: nothing is left sending");
    is($s->{open_unknown}, $states->{unknown} // 0,
        "$case->{title}: unknown in the summary and in the journal");
    ok(!has_file($case, 'returned'), "$case->{title}: it does not return");
    return ($s, $states);
}

sub terminate {
    my ($case, $signal) = @_;
    kill $signal // 'TERM', $case->{job}{pid};
}

# Nothing was sent twice; what was confirmed was sent, the rest was not.
sub goes_on {
    my ($case, $expected) = @_;
    my ($code, $out, $err) = finish(start($case)->{job});
    is($code, $expected, "$case->{title}: the next run: exit $expected")
        or diag($err);
    my $states = states($case);
    my $all = $case->{last} - $case->{first} + 1;
    is($states->{confirmed}, $all - ($states->{unknown} // 0),
        "$case->{title}: the next run does the rest");
    return $states;
}

sub sent_once {
    my ($case) = @_;
    my $bodies = bodies($case);
    is_deeply([grep { $bodies->{$_} != 1 } keys %$bodies], [],
        "$case->{title}: nothing was sent twice");
}

# The signal is taken once it is no longer blocked.
sub is_leaving {
    my ($case) = @_;
    my $status = slurp("/proc/$case->{job}{pid}/status") // '';
    my ($blocked) = $status =~ /^SigBlk:\s*(\w+)/m or return 1;
    return !(hex(substr $blocked, -8) & 1 << 14);
}

sub is_at_work {
    my ($case) = @_;
    my $status = slurp("/proc/$case->{job}{pid}/status") // '';
    return $status =~ /^State:\s*[^ZX]/m;
}

my $release_all = <<'LUA';
local open <close> = guard("closed")
omnitron.release_all(rows, release_of)
touch("returned")
omnitron.remember("cursor", last)
LUA

for (['TERM', 143], ['INT', 130]) {
    my ($signal, $expected) = @$_;
    my $case = new_case("a second $signal", <<'LUA' . $release_all);
assert(omnitron.release(release_of(first)))
touch("one")
wait_for("go")
LUA
    start($case);
    wait_until(sub { has_file($case, 'one') });
    set_fault($mock, 'silence=1');
    spill("$case->{acme}/go", '');
    wait_until(sub { keys %{ bodies($case) } == 5 });
    terminate($case, $signal);
    wait_until(sub { is_leaving($case) });
    # What had an intent ahead of its turn is taken back first.
    wait_until(sub { (states($case)->{sending} // 0) == 4 });
    ok(is_at_work($case), "$case->{title}: the first one waits");
    terminate($case, $signal);
    my ($code, $out, $err) = finish($case->{job});
    is($code, $expected, "$case->{title}: exit $expected");
    is($out . $err, '', "$case->{title}: without a word");
    is(states($case)->{sending}, 4, "$case->{title}: it leaves at once");
    set_fault($mock, undef);
    is(goes_on($case, 4)->{unknown}, 4,
        "$case->{title}: nobody knows about those in flight");
    sent_once($case);
}

{
    my $case = new_case('before the first look', $release_all);
    set_outage($mock, 'silence');
    my $before = requests($mock)->{'GET orders/'} // 0;
    start($case);
    wait_until(sub { (requests($mock)->{'GET orders/'} // 0) > $before });
    terminate($case);
    my ($s, $states) = ends($case, 143, 'the run was ended by a signal. '
            . 'Nothing was sent.');
    is($s->{attempts}, 0, 'before the first look: no attempt');
    is_deeply([keys %$states], ['pending'],
        'before the first look: what was taken is kept');
    ok(has_file($case, 'closed'), 'before the first look: it is closed');
    set_outage($mock, undef);
    goes_on($case, 0);
    sent_once($case);
}

{
    my $case = new_case('before the next try', $release_all);
    set_fault($mock, 'retry-after:60=1');
    start($case);
    wait_until(sub { keys %{ bodies($case) } });
    terminate($case);
    my ($s, $states) = ends($case, 143, 'the run was ended by a signal');
    is_deeply([keys %$states], ['pending'], 'before the next try: pending');
    is($s->{pending}, $states->{pending}, 'before the next try: counted');
    set_fault($mock, undef);
    goes_on($case, 0);
}

{
    my $case = new_case('while Lua is busy', <<'LUA');
local open <close> = guard("closed")
local bad <close> = setmetatable({}, { __close = function()
  error("this one fails")
end })
local late <close> = setmetatable({}, { __close = function()
  omnitron.release(release_of(last))
end })
assert(omnitron.release(release_of(first)))
omnitron.release_all(rows, function(item)
  if item == first + 8 then
    touch("busy")
    local start = os.clock()
    repeat until os.clock() > start + 0.5
  end
  return release_of(item)
end)
touch("returned")
LUA
    start($case);
    wait_until(sub { has_file($case, 'busy') });
    terminate($case);
    my ($s, $states) = ends($case, 143, 'the run was ended by a signal');
    cmp_ok($states->{confirmed}, '>', 0, 'while Lua is busy: some are done');
    ok(has_file($case, 'closed'), 'while Lua is busy: it is closed');
    spill("$case->{acme}/release.lua", $head . $release_all);
    goes_on($case, 0);
    sent_once($case);
}

# While one is in flight, Lua goes on; but what it asks for now does not
# return, also where the journal has the answer.
{
    my $case = new_case('what is released already', <<'LUA',
assert(omnitron.release(release_of(first)))
local open <close> = guard("closed")
omnitron.each(rows, function(item)
  if item == last then
    touch("ready")
    return omnitron.release(release_of(last))
  end
  repeat
    local late = io.open(here("late"))
    assert(omnitron.release(release_of(first)).already)
  until late
  touch("returned")
end)
LUA
        rows => 2, profile => ['timeout = 3']);
    set_fault($mock, "silence\@$case->{last}");
    start($case);
    wait_until(sub { bodies($case)->{ $case->{last} } });
    terminate($case);
    wait_until(sub { is_leaving($case) });
    spill("$case->{acme}/late", '');
    my ($s, $states) = ends($case, 143, 'the run was ended by a signal');
    ok(has_file($case, 'closed'), 'what is released already: it is closed');
    is_deeply($states, { confirmed => 1, unknown => 1 },
        'what is released already: the one in flight was waited for');
    set_fault($mock, undef);
    goes_on($case, 4);
    sent_once($case);
}

# Rows that need no release would go on while one is in flight.
{
    my $case = new_case('no further row', <<'LUA', profile => ['timeout = 3']);
local n = 0
omnitron.release_all(function()
  if io.open(here("late")) then
    touch("returned")
  end
  n = n + 1
  return n
end, function(row)
  if row == 1 then
    return release_of(first)
  end
  sleep(0.01)
  return nil, "nothing to do"
end)
LUA
    set_fault($mock, "silence\@$case->{first}");
    start($case);
    wait_until(sub { bodies($case)->{ $case->{first} } });
    terminate($case);
    wait_until(sub { is_leaving($case) });
    spill("$case->{acme}/late", '');
    my ($s) = ends($case, 143, 'the run was ended by a signal');
    is($s->{rows}, $s->{skipped} + 1, 'no further row: those taken count');
    set_fault($mock, undef);
}

# What an earlier run left goes out when the script has ended.
{
    my $case = new_case('what was left', $release_all, rows => 60,
        profile => ['tries = 1', 'first_look = false']);
    set_fault($mock, 'status:429=1');
    my ($code) = finish(start($case)->{job});
    my $left = states($case)->{pending};
    is($code, 5, 'what was left: exit 5');
    set_fault($mock, undef);
    my $before = keys %{ bodies($case) };
    spill("$case->{acme}/release.lua", '');
    start($case);
    wait_until(sub { keys %{ bodies($case) } > $before });
    terminate($case);
    my ($s, $states) = ends($case, 143, 'the run was ended by a signal');
    is($states->{confirmed} + ($states->{pending} // 0), $left,
        'what was left: released, or left again');
    cmp_ok($states->{pending} // 0, '>', 0, 'what was left: left again');
    goes_on($case, 0);
}

{
    my $case = new_case('--deadline', <<'LUA', rows => 100);
local next_row = coroutine.wrap(function()
  for i, item in ipairs(rows) do
    if i > 10 then
      wait_for("go")
    end
    coroutine.yield(item)
  end
end)
omnitron.release_all(next_row, release_of)
touch("returned")
LUA
    start($case, '--deadline', '1s');
    my ($s, $states) = ends($case, 5, 'the deadline has come');
    is_deeply($states, { confirmed => 10 }, '--deadline: the rest untouched');
    spill("$case->{acme}/go", '');
    goes_on($case, 0);
    sent_once($case);
}

{
    my $case = new_case('--deadline with one in flight', $release_all,
        profile => ['timeout = 2']);
    set_fault($mock, 'silence@' . ($case->{first} + 2));
    start($case, '--deadline', '1s');
    my ($code, $out, $err) = finish($case->{job});
    is($code, 4, '--deadline with one in flight: exit 4');
    unlike($err, qr/signal/, '--deadline with one in flight: no signal');
    set_fault($mock, undef);
}

ok(stop_mock($mock), 'the mock ends well');
done_testing;
