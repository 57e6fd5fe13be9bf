#!/usr/bin/perl
# SIGTERM and SIGINT at random moments of five kinds of scripts, 40 in all (10
# under a sanitizer, 450 in the long form): what is in flight is finished and
# written, nothing is sent twice, no cursor passes a row that nobody read,
# what is to be closed is closed, and the next run goes on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;
use Time::HiRes qw(sleep time);

seed(20240300); # of the moments: the same in every test run

my $rounds = $ENV{OMNITRON_SOAK} ? 90 : is_asan() ? 2 : 8;

alarm($ENV{OMNITRON_SOAK} ? 3600 : 300); # a run that does not end fails

# Every script first says where its cursor stands, and opens what has to be
# closed. `first` and `last` are the items of this round.
my $head = <<'LUA';
local first, last = tonumber(arg[1]), tonumber(arg[2])
local function touch(name)
  local file = assert(io.open(here(name), "w"))
  file:write("x")
  file:close()
end
local function guard(name)
  return setmetatable({}, { __close = function() touch(name) end })
end
local function release_of(item)
  return { order_item_id = item, code = "SO-" .. item }
end
local rows = {}
for item = first, last do
  rows[#rows + 1] = item
end
print(omnitron.recall("cursor"))
local open <close> = guard("closed")
touch("opened")
LUA

# The items of one run of it, and what it does.
my %scripts = (
    release_all => [200, <<'LUA'],
local summary = omnitron.release_all(rows, release_of)
touch("returned")
assert(summary.rows == #rows)
omnitron.remember("cursor", last)
LUA
    cursor => [200, <<'LUA'],
omnitron.release_all(rows, release_of,
  { cursor = "cursor", at = function(item) return item end })
touch("returned")
LUA
    loop => [15, <<'LUA'],
for item = first, last do
  assert(omnitron.release(release_of(item)))
  omnitron.remember("cursor", item)
end
touch("returned")
LUA
    each => [60, <<'LUA'],
omnitron.each(rows, function(item)
  touch("opened-" .. item)
  local mine <close> = guard("closed-" .. item)
  assert(http.get(arg[3] .. "/__mock__/requests"))
  sleep(0.001)
  assert(omnitron.release(release_of(item)))
end, { at_once = 8 })
touch("returned")
omnitron.remember("cursor", last)
LUA
    swallow => [60, <<'LUA'],
local function stubborn(fn, ...)
  local ok
  repeat
    ok = pcall(fn, ...)
  until ok
end
local inner = coroutine.wrap(function()
  local deep <close> = guard("closed-deep")
  touch("opened-deep")
  stubborn(function()
    for item = first, first + 4 do
      stubborn(omnitron.release, release_of(item))
    end
  end)
end)
inner()
stubborn(omnitron.release_all, rows, function(item)
  local ok, result = pcall(release_of, item)
  return result
end)
touch("returned")
omnitron.remember("cursor", last)
LUA
);

my ($at, %span, @wrong) = (100001);
my %codes = (0 => 0, 130 => 0, 143 => 0);
my $left = 0; # releases that an interrupted run kept

sub expect {
    my ($case, $what, @items) = @_;
    return if !@items;
    splice @items, 5;
    push @wrong, "$case->{title}: $what: @items";
}

sub case {
    my ($mock, $kind, $round) = @_;
    my ($count, $text) = @{ $scripts{$kind} };
    my $acme = customer("$kind$round", 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"', 'at_once = 16');
    my %case = (title => "$kind $round", acme => $acme, mock => $mock,
        first => $at, last => $at + $count - 1, kind => $kind);
    spill("$acme/release.lua", $head . $text);
    $at += $count;
    return \%case;
}

sub start {
    my ($case) = @_;
    my $acme = $case->{acme};
    unlink "$acme/summary.json", glob "$acme/{closed,opened,returned}*";
    return spawn($case->{title} =~ s/ //r, $ENV{OMNITRON}, 'run', '--summary',
        "$acme/summary.json", "$acme/release.lua", @$case{qw(first last)},
        $case->{mock}{url});
}

sub in_state {
    my ($rows, $state) = @_;
    return grep { $rows->{$_}{state} eq $state } sort keys %$rows;
}

# The two sides: what the mock received is what the journal has confirmed.
sub compare {
    my ($case, $rows, $received) = @_;
    my @items = grep { $received->{$_} } $case->{first} .. $case->{last};
    expect($case, 'at the host and not confirmed',
        grep { !$rows->{$_} || $rows->{$_}{state} ne 'confirmed' } @items);
    expect($case, 'sent twice', grep { @{ $received->{$_} } != 1 } @items);
    expect($case, 'confirmed and not applied', grep {
        my $body = ($received->{$_} // [])->[0] // {};
        !$body->{applied} || $body->{code} ne $rows->{$_}{code}
    } in_state($rows, 'confirmed'));
    expect($case, "not confirmed and not pending", grep {
        $rows->{$_}{state} !~ /^(?:confirmed|pending)$/ } sort keys %$rows);
}

sub compare_summary {
    my ($case, $rows, $code) = @_;
    my $s = summary("$case->{acme}/summary.json");
    my %of = map { $_ => scalar in_state($rows, $_) } qw(confirmed pending);
    my $title = $case->{title};
    push @wrong, "$title: summary $_ $s->{$_}, journal $of{$_}"
        for grep { $s->{$_} != $of{$_} } keys %of;
    push @wrong, "$title: summary exit $s->{exit}" if $s->{exit} != $code;
    push @wrong, "$title: stopped is $s->{stopped}" if defined $s->{stopped};
    push @wrong, "$title: the rows do not add up"
        if $s->{rows} != $s->{released} || $s->{rows} > $s->{releases};
    push @wrong, "$title: the releases do not add up"
        if $s->{releases} != $s->{confirmed} + $s->{already} + $s->{pending};
    $left += $of{pending};
}

# One sentence on why, what is kept, the counts, the exit code.
sub says_it {
    my ($code, $err) = @_;
    return $err =~ m{\A\w+: the run was ended by a signal\.[^:]*\n}
        && $err =~ m{\A[^:]*:[^:]*\n\d+ lines?: [^:]*\nExit code $code: }
        && $err =~ m{ended by a signal\. [^:\n]*\n\z};
}

# After the signal. A process that was not yet listening is ended by the
# system, with the same code for a shell.
sub look_interrupted {
    my ($case, $received, $code, $err) = @_;
    my ($acme, $title) = @$case{qw(acme title)};
    my $rows = journal($acme);
    my $began = -e "$acme/summary.json";
    $code = 128 - $code if $code < 0 && !$began;
    $case->{code} = $code;
    $case->{rows} = $rows;
    $codes{$code}++;
    push @wrong, "$title: exit $code: $err"
        if $code != 0 && $code != $case->{expected};
    push @wrong, "$title: rows and no summary" if !$began && %$rows;
    compare($case, $rows, $received);
    compare_summary($case, $rows, $code) if $began;
    push @wrong, "$title: not closed: $_"
        for grep { !-e "$acme/closed" . substr $_, length "$acme/opened" }
        glob "$acme/opened*";
    my $whole = in_state($rows, 'confirmed')
        == $case->{last} - $case->{first} + 1;
    push @wrong, "$title: returned too early" if -e "$acme/returned" && !$whole;
    push @wrong, "$title: exit 0 too early" if $code == 0 && !$whole;
    push @wrong, "$title: stderr: $err"
        if $code == 0 ? $err ne '' : $began && !says_it($code, $err);
}

# The cursor that the interrupted run left, and the run that goes on.
sub look_again {
    my ($case, $received, $code, $out, $err) = @_;
    my $title = $case->{title};
    my $rows = journal($case->{acme});
    my $was = $case->{rows};
    chomp $out;
    push @wrong, "$title: the next run: exit $code: $err" if $code != 0;
    expect($case, 'the next run left', grep {
        !$rows->{$_} || $rows->{$_}{state} ne 'confirmed'
    } $case->{first} .. $case->{last});
    compare($case, $rows, $received);
    expect($case, "the cursor stands at $out, without", grep {
        !$was->{$_} || $was->{$_}{state} ne 'confirmed'
    } $case->{first} .. $out) if $out ne 'nil';
}

sub measure {
    my ($mock, $kind) = @_;
    my $case = case($mock, $kind, 'whole');
    my $start = time;
    my ($code, $out, $err) = finish(start($case));
    $span{$kind} = time - $start;
    is($code, 0, "$kind: a run that nobody ends") or diag($err);
}

my @kinds = sort keys %scripts;
my $mock;
for my $round (1 .. $rounds) {
    if ($round % 8 == 1) { # a ledger grows
        stop_mock($mock) if $mock;
        $mock = start_mock('--items', '1-9999999', '--latency', '20');
    }
    if ($round == 1) {
        measure($mock, $_) for @kinds;
    }
    my @cases = map { case($mock, $_, $round) } @kinds;
    for my $case (@cases) {
        my $is_int = draw() < 0.5;
        @$case{qw(signal expected)} = $is_int ? ('INT', 130) : ('TERM', 143);
        $case->{job} = start($case);
        $case->{moment} = time + draw() * $span{ $case->{kind} } * 1.2;
    }
    for my $case (sort { $a->{moment} <=> $b->{moment} } @cases) {
        my $wait = $case->{moment} - time;
        sleep $wait if $wait > 0;
        kill $case->{signal}, $case->{job}{pid};
    }
    my @ends = map { [finish($_->{job})] } @cases;
    my $received = ledger($mock);
    look_interrupted($cases[$_], $received, @{ $ends[$_] }[0, 2])
        for 0 .. $#cases;
    $_->{job} = start($_) for @cases;
    @ends = map { [finish($_->{job})] } @cases;
    $received = ledger($mock);
    look_again($cases[$_], $received, @{ $ends[$_] }) for 0 .. $#cases;
}
ok(stop_mock($mock), 'the mock ends well');
my $signals = $rounds * @kinds;
is(join("\n", @wrong), "", "$signals signals: all is right after each");
cmp_ok($codes{130} + $codes{143}, '>', $signals / 3, 'they met runs at work');
cmp_ok($left, '>', 0, 'some releases were kept for the next run');
note(join ', ', map {"exit $_: $codes{$_}"} sort { $a <=> $b } keys %codes);
done_testing;
