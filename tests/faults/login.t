#!/usr/bin/perl
# A user name and a password in place of a token: no log-in before one is
# needed, a new one when the token runs out, never a fourth within 6 minutes
# over all runs, and neither password nor token in anything that is kept.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

my $token = 'tK7vQ2mZ9pL4tB8wN3rY6sD1fG5hJ0cAeUiOqWz';
my $password = 'pW3xR8nC5kH1dV6yT9bM2jF7gS4lZ0qEuIoAwSx';
my $customers = 0;
my ($post, $look, $log_in) = ('POST order_items/#/create_mapping/',
    'GET orders/', 'POST auth/login/');
my @kept; # folders and outputs that are searched

sub start_host {
    return start_mock('--items', '100001-199999', '--token', $token,
        '--password', $password, @_);
}

sub customer_of {
    my ($mock, @lines) = @_;
    my $acme = customer('acme' . ++$customers, undef, qq(url = "$mock->{url}"),
        'username = "mock"', 'password_file = "password"', @lines);
    spill("$acme/password", "$password\n", 0600);
    return $acme;
}

# "-v" shows more than a run from cron.
sub watched {
    my ($acme, @files) = @_;
    my $run = run($acme, @files);
    push @kept, ["the output of a run", $run->{out} . $run->{err}];
    for (qw(journal.db journal.db-wal journal.db.notes journal.db.lock
        summary.json)) {
        push @kept, ["$_ after a run", slurp("$acme/$_") // ''];
    }
    return $run;
}

sub has {
    my ($title, $run, %wanted) = @_;
    is($run->{$_}, $wanted{$_}, "$title: $_")
        or diag($_ eq 'code' ? $run->{err} : ()) for sort keys %wanted;
}

sub asked {
    my ($title, $mock, $log_ins, $looks, $posts) = @_;
    my $asked = requests($mock);
    is_deeply([map { $asked->{$_} // 0 } $log_in, $look, $post],
        [$log_ins, $looks, $posts], "$title: log-ins, looks, releases");
}

sub applied_once {
    my ($title, $mock, $count) = @_;
    my $received = ledger($mock);
    is(scalar(grep { 1 == grep { $_->{applied} } @$_ } values %$received),
        $count, "$title: the host applied each of $count once");
}

# Only when it is needed.
{
    my $mock = start_host();
    my $acme = customer_of($mock);
    my $file = items_file('lines.csv', 100001 .. 100010, 300001);
    is(watched($acme)->{code}, 0, 'a run without a release');
    is_deeply(requests($mock), {}, 'asks for nothing');
    has('the first run', watched($acme, $file), code => 3, confirmed => 10,
        rejected => 1);
    asked('the first run', $mock, 1, 1, 11);
    has('the same again', watched($acme, $file), code => 3, already => 10,
        rejected => 1);
    asked('the same again', $mock, 1, 1, 11);
    ok(stop_mock($mock), 'the mock ends well');
}

# The token runs out in the middle.
for my $at_once (1, 8) {
    my $title = "a token that runs out, $at_once at once";
    my $mock = start_host('--token-uses', 25, '--latency', 2);
    my $acme = customer_of($mock, "at_once = $at_once");
    my $run = watched($acme, items_file('lines.csv', 100001 .. 100040));
    has($title, $run, code => 0, confirmed => 40, pending => 0, unknown => 0);
    is(requests($mock)->{$log_in}, 2, "$title: one more log-in");
    applied_once($title, $mock, 40);
    my $rows = journal($acme);
    is(scalar(grep { $_->{state} eq 'confirmed' } values %$rows), 40,
        "$title: the journal says so");
    ok(stop_mock($mock), 'the mock ends well');
}

# A token that is good for the first look alone: no log-in cures that.
{
    my $title = 'a token for one request';
    my $mock = start_host('--token-uses', 1);
    my $acme = customer_of($mock);
    my $run = watched($acme, items_file('lines.csv', 100001 .. 100010));
    has($title, $run, code => 6, stopped => 'token', pending => 10);
    asked($title, $mock, 1, 1, 1);
    ok(stop_mock($mock), 'the mock ends well');
}

# The wrong password.
{
    my $mock = start_host();
    my $acme = customer_of($mock);
    my $wrong = reverse $password;
    spill("$acme/password", "$wrong\n", 0600);
    my $run = watched($acme, items_file('lines.csv', 100001 .. 100010));
    has('a wrong password', $run, code => 6, stopped => 'token',
        pending => 10, attempts => 0);
    asked('a wrong password', $mock, 1, 0, 0);
    like($run->{err} =~ s/\s+/ /gr, qr{127\.0\.0\.1:\d+ .*400.*/password\b},
        'a wrong password: names the host and the file');
    unlike($run->{err} . slurp("$acme/journal.db"), qr/\Q$wrong\E/,
        'a wrong password: it is shown nowhere either');
    spill("$acme/password", "$password\n", 0600);
    has('mended', watched($acme), code => 0, carried => 10, confirmed => 10);
    asked('mended', $mock, 2, 1, 10);
    ok(stop_mock($mock), 'the mock ends well');
}

# An outage that the log-in meets.
for my $case (['502-html', 'no answer', 5], [503, 'no answer', 5],
    ['close', 'no answer', 5], ['login-page', 'prefix', 6],
    [404, 'prefix', 6], ['redirect', 'redirect', 6], [401, 'token', 6]) {
    my ($kind, $stopped, $code) = @$case;
    my $mock = start_host('--outage', $kind);
    my $acme = customer_of($mock);
    my $run = watched($acme, items_file('lines.csv', 100001 .. 100010));
    has("log-in meets $kind", $run, code => $code, stopped => $stopped,
        pending => 10, attempts => 0);
    asked("log-in meets $kind", $mock, 1, 0, 0);
    set_outage($mock, undef);
    has("$kind is over", watched($acme), code => 0, carried => 10,
        confirmed => 10);
    ok(stop_mock($mock), 'the mock ends well');
}

# Three within 6 minutes, over all runs.
{
    my $title = 'a fourth log-in';
    my $mock = start_host();
    my $acme = customer_of($mock);
    for my $n (1 .. 3) {
        my $run = watched($acme,
            items_file('lines.csv', 100000 + $n * 10 .. 100009 + $n * 10));
        has("log-in $n", $run, code => 0, confirmed => 10);
    }
    asked('three runs', $mock, 3, 3, 30);
    my $run = watched($acme, items_file('lines.csv', 100040 .. 100049));
    has($title, $run, code => 5, pending => 10, confirmed => 0, attempts => 0);
    asked($title, $mock, 3, 3, 30);
    like($run->{err} =~ s/\s+/ /gr,
        qr/3 log-ins within 6 minutes, and the next is due .*\d\d:\d\d:\d\d/,
        "$title: says when");
    like($run->{err}, qr/127\.0\.0\.1:\d+/, "$title: names the host");
    has("$title, by a run without input", watched($acme), code => 5,
        attempts => 0);
    asked("$title, by a run without input", $mock, 3, 3, 30);

    # Six minutes later, as the notes know it.
    my $notes = slurp("$acme/journal.db.notes");
    ok($notes =~ s/(\d{13})/$1 - 361_000/ge, 'the notes have the times');
    spill("$acme/journal.db.notes", $notes);
    has('6 minutes later', watched($acme), code => 0, carried => 10,
        confirmed => 10);
    asked('6 minutes later', $mock, 4, 4, 40);
    ok(stop_mock($mock), 'the mock ends well');
}

# Neither is anywhere.
cmp_ok(scalar @kept, '>', 100, 'much was searched');
for my $secret ($token, $password) {
    my @leaks = grep { index($_->[1], substr $secret, 0, 20) >= 0
        || index($_->[1], substr $secret, 19) >= 0 } @kept;
    is_deeply([map { $_->[0] } @leaks], [], 'no secret in what is kept');
}
done_testing;
