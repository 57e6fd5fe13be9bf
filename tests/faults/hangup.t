#!/usr/bin/perl
# A terminal that goes away (SIGHUP), a limit of CPU time (SIGXCPU), a power
# failure (SIGPWR) and SIGQUIT end a run as SIGTERM does: in order, and nothing is unknown. Under nohup a hangup
# is none, and signals that nobody sends for a purpose never end anything.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

alarm 300;

my $mock = start_mock('--latency', '100');
my $items = 46761;
my @strange = (qw(USR1 USR2 ALRM VTALRM PROF IO STKFLT XFSZ PIPE CHLD WINCH
    URG CONT), 34, 50, 64);

sub started {
    my ($name) = @_;
    my $acme = customer($name, 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"', 'at_once = 8');
    my $last = $items + 99;
    spill("$acme/release.lua", <<"LUA");
local rows = {}
for item = $items, $last do rows[#rows + 1] = item end
omnitron.release_all(rows, function(item)
  return { order_item_id = item, code = "SO-" .. item }
end)
LUA
    $items += 100;
    my $before = keys %{ ledger($mock) };
    my $job = spawn($name, $ENV{OMNITRON}, 'run', "$acme/release.lua");
    wait_until(sub { keys %{ ledger($mock) } > $before });
    kill $_, $job->{pid} for @strange;
    return ($acme, $job);
}

# The states of a customer's rows, and how often each.
sub states {
    my %count;
    $count{ $_->{state} }++ for values %{ journal(@_) };
    return \%count;
}

$SIG{HUP} = 'DEFAULT'; # whatever these tests were started with
for my $signal (qw(HUP XCPU QUIT PWR)) {
    my ($acme, $job) = started(lc $signal);
    kill $signal, $job->{pid};
    my ($code, $out, $err) = finish($job);
    is($code, 143, "$signal: exit 143") or diag($err);
    my $states = states($acme);
    is($states->{unknown}, undef, "$signal: nothing is unknown");
    ok($states->{confirmed} > 0 && $states->{confirmed} < 100,
        "$signal: it was in the middle");
}

$SIG{HUP} = 'IGNORE';
my ($acme, $job) = started('nohup');
kill 'HUP', $job->{pid};
my ($code, $out, $err) = finish($job);
is($code, 0, 'under nohup it goes on') or diag($err);
is_deeply(states($acme), { confirmed => 100 }, 'to its end');
ok(stop_mock($mock), 'the mock ended well');

done_testing();
