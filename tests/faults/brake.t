#!/usr/bin/perl
# The brake: what stops a run, what does not, what is kept, and that the runs
# after the cure finish it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

my $post = 'POST order_items/#/create_mapping/';
my $customers = 0;
my $first = 100001;

sub host {
    my (@lines) = @_;
    my $mock = start_mock('--items', '100001-199999', '--token', 'a-token');
    my $acme = customer('acme' . ++$customers, 'a-token',
        qq(url = "$mock->{url}"), 'token_file = "token"', @lines);
    return ($mock, $acme);
}

sub items {
    my ($count) = @_;
    return $first .. $first + $count - 1;
}

# The first items get these faults, one each.
sub faults {
    my (@faults) = @_;
    my $item = $first;
    return join ',', map { $_ ? "$_\@" . $item++ : $item++ && () } @faults;
}

sub posts {
    my ($mock) = @_;
    return requests($mock)->{$post} // 0;
}

sub count_in {
    my ($acme, $state) = @_;
    return scalar grep { $_->{state} eq $state } values %{ journal($acme) };
}

# The summary has these; the journal agrees on the states; the sums are right.
sub has {
    my ($title, $run, $acme, %wanted) = @_;
    my $code = delete $wanted{code};
    my $stopped = delete $wanted{stopped};
    is($run->{code}, $code, "$title: exit $code") or diag($run->{err});
    is($run->{stopped}, $stopped, "$title: " . ($stopped // 'not stopped'));
    is($run->{$_}, $wanted{$_}, "$title: $_") for sort keys %wanted;
    is($run->{releases} + $run->{carried}, $run->{confirmed} + $run->{already}
            + $run->{rejected} + $run->{conflict} + $run->{unknown}
            + $run->{pending}, "$title: the sums");
    is(count_in($acme, $_), $run->{$_}, "$title: $_ in the journal")
        for grep { defined $wanted{$_} } qw(pending unknown);
}

sub says {
    my ($title, $run, $mock, $words) = @_;
    my $said = $run->{err} =~ s/\s+/ /gr;
    my $host = $mock->{url} =~ s{^http://}{}r;
    like($said, qr/\Q$host\E $words/, "$title: says so");
}

# The run after the cure, with no input: all that was pending is confirmed.
sub healed {
    my ($title, $mock, $acme, $count, $code) = @_;
    set_fault($mock, undef);
    my $run = run($acme);
    has("$title, cured", $run, $acme, code => $code, stopped => undef,
        carried => $count, confirmed => $count, pending => 0);
}

# 403 and 405: nobody may, so nobody was judged.
my @forbidden = (
    { title => 'three 403', faults => [('status:403') x 3], at_once => 1 },
    { title => 'three 405', faults => [('status:405') x 3], at_once => 1 },
    { title => '403, 405, 403', at_once => 1,
        faults => ['status:403', 'status:405', 'status:403'] },
    { title => 'nothing but 403', rate => 'status:403=1', at_once => 1 },
    { title => 'nothing but 403, eight at once', rate => 'status:403=1',
        at_once => 8 },
    { title => '403 in the middle', at_once => 1, before => 5,
        faults => [('') x 5, ('status:403') x 3] },
);
for my $case (@forbidden) {
    my $title = $case->{title};
    my $before = $case->{before} // 0;
    my ($mock, $acme) = host("at_once = $case->{at_once}");
    set_fault($mock, $case->{rate} // faults(@{ $case->{faults} }));
    my $run = run($acme, items_file('lines.csv', items(20)));
    has($title, $run, $acme, code => 6, stopped => 'forbidden',
        pending => 20 - $before, confirmed => $before, rejected => 0,
        unknown => 0);
    cmp_ok(posts($mock), '<=', $before + 2 + $case->{at_once},
        "$title: no more is sent");
    says($title, $run, $mock, 'forbids it, three times in a row \(40[35]');
    my $item = $first + $before;
    my $story = show($acme, $item);
    is($story->{state}, 'pending', "$title: the first is pending");
    is(scalar @{ $story->{audit} }, 1, "$title: with an audit row");
    like($story->{audit}[0]{note}, qr/said to every release/,
        "$title: that says why");
    like($story->{attempts_made}[-1]{http_status}, qr/^40[35]$/,
        "$title: the answer is kept");
    healed($title, $mock, $acme, 20 - $before, 0);
    ok(stop_mock($mock), "$title: the mock ends well");
}

# Rows of bad answers that something ends.
my @goes_on = (
    { title => 'two 403, one good, two 403', rejected => 4, unknown => 0,
        faults => [('status:403') x 2, '', ('status:403') x 2] },
    { title => 'two 403 and a 404', rejected => 4, unknown => 0,
        faults => [('status:403') x 2, 'status:404', 'status:403'] },
    { title => 'two unknown, one good, two unknown', rejected => 0,
        unknown => 4, faults => [('status:500') x 2, '', ('status:500') x 2] },
    { title => 'two unknown, a refusal, two unknown', rejected => 1,
        unknown => 4,
        faults => [('drop-after') x 2, 'status:400', ('drop-after') x 2] },
    { title => '19 refusals', rejected => 19, unknown => 0,
        faults => [('status:400') x 19] },
    { title => 'one good, then 40 refusals', rejected => 40, unknown => 0,
        faults => ['', ('status:400') x 40] },
);
for my $case (@goes_on) {
    my $title = $case->{title};
    my ($mock, $acme) = host('at_once = 1');
    set_fault($mock, faults(@{ $case->{faults} }));
    my $run = run($acme, items_file('lines.csv', items(50)));
    my ($rejected, $unknown) = @$case{qw(rejected unknown)};
    has($title, $run, $acme, code => $unknown ? 4 : 3, stopped => undef,
        rejected => $rejected, unknown => $unknown, pending => 0,
        confirmed => 50 - $rejected - $unknown);
    is(posts($mock), 50, "$title: each is sent once");
    ok(stop_mock($mock), "$title: the mock ends well");
}

# Unknown outcomes, and a redirect.
for my $fault (qw(status:500 drop-after html empty other-code)) {
    for my $at_once (1, 8) {
        my $title = "$fault always, $at_once at once";
        my ($mock, $acme) = host("at_once = $at_once");
        set_fault($mock, "$fault=1");
        my $run = run($acme, items_file('lines.csv', items(20)));
        has($title, $run, $acme, code => 6, stopped => 'unknown',
            unknown => 3, pending => 17, confirmed => 0, attempts => 3);
        is_deeply(requests($mock), { $post => 3, 'GET orders/' => 3 },
            "$title: one alone after each look");
        says($title, $run, $mock, 'stopped answering in the middle');
        healed($title, $mock, $acme, 17, 4);
        ok(stop_mock($mock), "$title: the mock ends well");
    }
}

{
    my ($mock, $acme) = host('at_once = 8');
    set_fault($mock, 'redirect=1');
    my $run = run($acme, items_file('lines.csv', items(20)));
    has('redirect', $run, $acme, code => 6, stopped => 'redirect',
        unknown => 1, pending => 19, confirmed => 0, attempts => 1);
    says('redirect', $run, $mock, 'sends requests elsewhere.*302');
    healed('redirect', $mock, $acme, 19, 4);
    ok(stop_mock($mock), 'redirect: the mock ends well');
}

# Refusals with nothing applied.
for my $at_once (1, 8) {
    my $title = "refusals, $at_once at once";
    my ($mock, $acme) = host("at_once = $at_once");
    set_fault($mock, 'status:400=1');
    my $file = items_file('lines.csv', items(50));
    my $run = run($acme, $file);
    my $sent = posts($mock);
    cmp_ok($sent, '>=', 20, "$title: 20 are sent");
    cmp_ok($sent, '<', 20 + $at_once, "$title: and what was on its way");
    has($title, $run, $acme, code => 6, stopped => 'rejected',
        rejected => $sent, pending => 50 - $sent, confirmed => 0);
    says($title, $run, $mock, 'refused 20 releases in a row and applied none');
    set_fault($mock, undef);
    $run = run($acme, $file);
    has("$title, the next run", $run, $acme, code => 3, stopped => undef,
        rejected => $sent, confirmed => 50 - $sent, pending => 0);
    is(posts($mock), 50, "$title: none is sent twice");
    ok(stop_mock($mock), "$title: the mock ends well");
}

# A file that begins with 25 cancelled items every night.
{
    my ($mock, $acme) = host('at_once = 1');
    set_fault($mock, faults(('status:406') x 25));
    my $file = items_file('lines.csv', items(45));
    has('night 1', run($acme, $file), $acme, code => 6, stopped => 'rejected',
        rejected => 20, pending => 25, confirmed => 0, attempts => 20);
    has('night 2', run($acme, $file), $acme, code => 3, stopped => undef,
        rejected => 25, pending => 0, confirmed => 20, attempts => 25);
    has('night 3', run($acme, $file), $acme, code => 3, stopped => undef,
        rejected => 25, pending => 0, already => 20, attempts => 0);
    is(posts($mock), 45, 'three nights: each is sent once');
    my $profile = slurp("$acme/profile.lua");
    spill("$acme/profile.lua",
        $profile =~ s/return \{/return { retry_rejected = 0,/r);
    has('when they may go again', run($acme, $file), $acme, code => 3,
        stopped => undef, rejected => 25, already => 20, attempts => 25);
    spill("$acme/profile.lua", $profile);
    has('and the night after', run($acme, $file), $acme, code => 3,
        stopped => undef, rejected => 25, already => 20, attempts => 0);
    ok(stop_mock($mock), 'the mock ends well');
}

# Tries that are used up.
for my $fault ('status:429', 'retry-after:0', 'retry-after:1') {
    my ($mock, $acme) = host('at_once = 4', 'tries = 2');
    set_fault($mock, "$fault=1");
    my $run = run($acme, items_file('lines.csv', items(20)));
    has("$fault always", $run, $acme, code => 5, stopped => 'no answer',
        pending => 20, confirmed => 0, rejected => 0, unknown => 0,
        attempts => 2);
    says("$fault always", $run, $mock, '.* \(429');
    healed("$fault always", $mock, $acme, 20, 0);
    ok(stop_mock($mock), "$fault: the mock ends well");
}

{
    my ($mock, $acme) = host('at_once = 2', 'tries = 2');
    set_fault($mock, faults('', '', 'status:429'));
    my $run = run($acme, items_file('lines.csv', items(20)));
    has('one alone is throttled', $run, $acme, code => 5, stopped => undef,
        pending => 1, confirmed => 19, attempts => 21);
    healed('one alone is throttled', $mock, $acme, 1, 0);
    ok(stop_mock($mock), 'the mock ends well');
}

# Storms that end.
for my $storm (['retry-after:0', 10, 2], ['retry-after:1', 6, 1],
    ['retry-date:1', 6, 1]) {
    my ($fault, $count, $times) = @$storm;
    my ($mock, $acme) = host('at_once = 8');
    set_fault($mock, faults(("$fault") x $count) =~ s/(\@\d+)/$1*$times/gr);
    my $run = run($acme, items_file('lines.csv', items(40)));
    has("a storm of $fault", $run, $acme, code => 0, stopped => undef,
        confirmed => 40, pending => 0, attempts => 40 + $count * $times);
    ok(stop_mock($mock), "$fault: the mock ends well");
}
done_testing;
