#!/usr/bin/perl
# examples/waiting-orders, killed at 50 random moments and run again each
# time: one order in the ERP for each of the host's, all of them marked as
# sent in the end, none left out. What a kill left unknown is settled by a
# person, who looks at the host.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Erp;
use Rig;
use Test::More;
use Time::HiRes qw(sleep time);

seed(776); # of the moments

my $kills = $ENV{OMNITRON_SOAK} ? 50 : is_asan() ? 5 : 15;
my $each = 5;      # kills over the same orders
my @items = (46761, 46840);
my $orders = 32;   # of these items

my $example = "$FindBin::Bin/../../examples/waiting-orders";

# A customer with the example's scripts, a mock and an ERP of its own.
sub new_world {
    my ($name) = @_;
    my $mock = start_mock('--items', "$items[0]-$items[1]", '--latency', '3');
    my $erp = start_erp(0.002);
    my $path = customer($name, 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"',
        qq(settings = { erp = "$erp->{url}", key = "demo" }));
    for my $file (qw(erp.lua release.lua)) {
        spill("$path/$file", slurp("$example/$file"));
    }
    return { mock => $mock, erp => $erp, path => $path };
}

sub end_world {
    my ($world) = @_;
    stop_erp($world->{erp});
    return stop_mock($world->{mock});
}

# Seconds of a run that nobody kills.
sub run_length {
    my $world = new_world('probe');
    my $start = time;
    my ($code, $out, $err) = omnitron('run', "$world->{path}/release.lua");
    my $length = time - $start;
    is($code, 0, 'a run that nobody kills: exit 0') or diag($err);
    end_world($world);
    return $length;
}

# Whether the run was still at work.
sub kill_once {
    my ($world, $span) = @_;
    my $job = spawn('run', $ENV{OMNITRON}, 'run',
        "$world->{path}/release.lua");
    sleep draw() * $span;
    kill 'KILL', $job->{pid};
    my ($code) = finish($job);
    sleep 0.02; # what is on its way still arrives
    return $code == -9;
}

# As a person does: by what the host says of the item.
sub settle_unknown {
    my ($world) = @_;
    my $rows = journal($world->{path});
    my $received = ledger($world->{mock});
    my @unknown = grep { $rows->{$_}{state} =~ /unknown|sending/ } keys %$rows;
    for my $item (@unknown) {
        my $applied = grep { $_->{applied} } @{ $received->{$item} // [] };
        my ($code, $out, $err) = omnitron('journal', 'settle',
            '--profile', "$world->{path}/profile.lua", $item,
            $applied ? '--done' : '--not-done', '--note', 'seen in the panel');
        is($code, 0, "item $item is settled") or diag($err);
    }
    return scalar @unknown;
}

# The orders in the ERP that are there more than once.
sub made_twice {
    my ($world) = @_;
    my %times;
    $times{ $_->{reference} }++ for erp_orders($world->{erp});
    return grep { $times{$_} > 1 } sort keys %times;
}

# A run, what it left unknown settled, and one more.
sub complete {
    my ($world) = @_;
    omnitron('run', "$world->{path}/release.lua");
    my $settled = settle_unknown($world);
    my ($code, $out, $err) = omnitron('run', "$world->{path}/release.lua");
    is($code, 0, 'the last run: exit 0') or diag($err);
    return $settled;
}

sub check_end {
    my ($world) = @_;
    my $rows = journal($world->{path});
    my $received = ledger($world->{mock});
    is_deeply([made_twice($world)], [], 'no order is in the ERP twice');
    is(scalar erp_orders($world->{erp}), $orders, 'each of them is there');
    is(scalar(grep { $_->{state} eq 'confirmed' } values %$rows),
        $items[1] - $items[0] + 1, 'every item is confirmed');
    is_deeply([grep { 1 < grep { $_->{applied} } @{ $received->{$_} } }
        keys %$received], [], 'and applied once');
}

# The orders that are not marked as sent.
sub waiting {
    my ($world) = @_;
    my $script = "$world->{path}/waiting.lua";
    spill($script, 'for order in omnitron.waiting_orders() do '
        . "print(order.pk) end\n");
    my ($code, $out) = omnitron('run', $script);
    return split /\n/, $out;
}

my $span = run_length();
my ($hit, $settled) = (0, 0);
for my $round (1 .. $kills) {
    last if $hit >= $kills;
    my $world = new_world("acme$round");
    $hit += kill_once($world, $span) for 1 .. $each;
    is_deeply([made_twice($world)], [], "round $round: none is made twice");
    $settled += complete($world);
    check_end($world);
    is_deeply([waiting($world)], [], 'no order waits any more');
    ok(end_world($world), 'the mock ends well');
}
cmp_ok($hit, '>=', $kills, 'the kills met runs at work');
note("$hit kills met a run at work; $settled items were settled");
done_testing;
