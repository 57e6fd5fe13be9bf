#!/usr/bin/perl
# gdb.t: omnitron_gdb.py tells what a run is at that gdb has stopped in the
# middle, and what it was at from a core file. Skipped where there is no gdb
# with Python, or none may trace.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../faults";
use Rig;
use Test::More;

my $helper = "$FindBin::Bin/omnitron_gdb.py";
alarm 300; # a run that is not stopped where it has to be

# Without the user's own start-up files, and without the network.
sub gdb {
    my ($name, $commands, @rest) = @_;
    spill(folder() . "/$name.gdb", $commands);
    return finish(spawn($name, 'gdb', '-nx', '-batch', '-iex',
        'set debuginfod enabled off', '-x', folder() . "/$name.gdb", @rest));
}

my (undef, $tried) = gdb('trial', <<'GDB', 'true');
python print("has Python")
run
GDB
plan skip_all => 'there is no gdb with Python here' if $tried !~ /has Python/;
plan skip_all => 'gdb may trace nothing here'
    if $tried !~ /exited normally/;

# A task that sleeps, one that does two generators deeper, two releases of one
# item, the first of which is never answered, and who calls log.debug then.
my $mock = start_mock('--fault', 'silence@7');
my $customer = customer('acme', 'mock', 'token_file = "token"', 'timeout = 300',
    qq{url = "$mock->{url}"});
my $first = <<'LUA';
local function nap()
  sleep(1000)
end

local function naps()
  return coroutine.wrap(function()
    return coroutine.wrap(function()
      nap()
    end)()
  end)
end

local jobs = {
  nap,
  function() naps()() end,
  function() omnitron.release { order_item_id = 7, code = "A" } end,
  function() omnitron.release { order_item_id = 7, code = "B" } end,
  function()
    repeat
      sleep(0.01)
      local reply = http.get(arg[1])
    until reply.body:find("create_mapping", 1, true)
    local x = 0
LUA
# Lua keeps some lines of a long function in full, and steps between them.
my $long = "    x = x + arg.n * arg.m\n" x 99;
my $now = qq{    log.debug("now")\n};
my $last = <<'LUA';
  end,
}
arg.n, arg.m = 1, 1
omnitron.each(jobs, function(job) job() end, { at_once = #jobs })
LUA
spill("$customer/rules.lua", $first . $long . $now . $long . $last);

my $questions = <<'GDB';
echo --tasks\n
omnitron tasks
echo --stack\n
omnitron stack
echo --releases\n
omnitron releases
echo --flying\n
omnitron releases flying
echo --waiting\n
omnitron releases waiting
echo --end\n
GDB
my $core = folder() . '/core';
my $save = is_asan() ? '' : "generate-core-file $core\n"; # of terabytes
my @run = ('run', "$customer/rules.lua", "$mock->{url}/__mock__/requests");

my (undef, $out, $err) = gdb('live', <<"GDB", '--args', $ENV{OMNITRON}, @run);
source $helper
break l_log_debug
run
${questions}python
for wrong in ("stack 99", "releases flown"):
    try:
        gdb.execute("omnitron " + wrong)
    except gdb.error as e:
        print("error: %s" % e)
end
${save}kill
GDB

# What was said after a mark.
sub part {
    my ($text, $mark) = @_;
    return $text =~ /^--$mark\n(.*?)^--/ms ? $1 : "no $mark: $text";
}

# The stacks, without lines of the Lua that is in the program.
sub stacks {
    my ($text) = @_;
    return map { s/^ +(?:omnitron:|C function lua).*\n//mgr }
        split /^(?=task)/m, part($text, 'stack');
}

sub understood {
    my ($what, $out) = @_;
    like(part($out, 'tasks'), qr/\A
        \ +1\ \ waits\ \ l_latch_wait\ +rules[.]lua:226\n
        \ +2\ \ waits\ \ l_sleep\ +rules[.]lua:2\n
        \ +3\ \ waits\ \ l_sleep\ +rules[.]lua:2\n
        \ +4\ \ waits\ \ l_omnitron_release\ +rules[.]lua:16\n
        \ +5\ \ waits\ \ l_omnitron_release\ +rules[.]lua:17\n
        \ +6\ \ runs\ \ \ l_log_debug\ +rules[.]lua:123\n\z/x,
        "$what: the tasks, each with what it is in");
    my @stacks = stacks($out);
    is($stacks[1], <<'TEXT', "$what: the stack of one that sleeps");
task 2 waits
    C function l_sleep
    rules.lua:2, in the function at line 1
    rules.lua:226, in the function at line 226
TEXT
    is($stacks[2], <<'TEXT', "$what: and of one inside of two generators");
task 3 waits
    C function l_sleep
    rules.lua:2, in the function at line 1
    rules.lua:8, in the function at line 7
  inside of
  inside of
    rules.lua:15, in the function at line 15
    rules.lua:226, in the function at line 226
TEXT
    is($stacks[5], <<'TEXT', "$what: and of the one that runs");
task 6 runs
    C function l_log_debug
    rules.lua:123, in the function at line 18
    rules.lua:226, in the function at line 226
TEXT
    is(part($out, 'releases'), "waiting    1\nflying     1\n",
        "$what: the releases by phase");
    is(part($out, 'flying'), "           7  tries 1  A\n",
        "$what: the one that is out");
    is(part($out, 'waiting'), "           7  tries 0  B\n",
        "$what: the one that waits for it");
}

understood('live', $out) or diag $err;
like($out, qr/^error: there is no task 99: see omnitron tasks$/m,
    'a task that is not there');
like($out, qr/^error: no phase is called flown: they are queued, waiting, /m,
    'a phase that is none');

SKIP: {
    skip 'a core under a sanitizer is terabytes', 7 if is_asan();
    my (undef, $then) = gdb('core', "source $helper\n$questions",
        $ENV{OMNITRON}, $core);
    understood('core', $then);
}

(undef, undef, $err) = gdb('early', "source $helper\nomnitron tasks\n",
    $ENV{OMNITRON});
like($err, qr/no script is open/, 'before it was started');
(undef, undef, $err) = gdb('other', "source $helper\nomnitron tasks\n",
    'true');
like($err, qr/this is no omnitron with debug information/, 'another program');
done_testing;
