#!/usr/bin/perl
# A host that applies a release and then drops the connection, 2 of 100 times:
# nobody but the host can know, so nothing is sent a second time and each such
# release ends as unknown, and no other.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

my $mock = start_mock('--items', '100001-999999',
    '--fault', 'drop-after=0.02', '--seed', seed(7));
my $acme = customer('acme', 'mock', qq(url = "$mock->{url}"),
    'token_file = "token"', 'at_once = 16', 'first_look = false');
my $lines = "item;erp_doc;erp_line;stock\n";
$lines .= "$_;SO-$_;10;own\n" for 100001 .. 102000;
my $file = folder() . '/lines.csv';
spill($file, $lines);

sub run_once {
    my ($title) = @_;
    my ($code, $out, $err) = omnitron('run', '--summary', "$acme/summary.json",
        "$acme/rules.lua", $file);
    is($code, 4, "$title: exit 4") or diag($err);
    like($err, qr/release(s are| is) unknown/, "$title: stderr says why");
    return summary("$acme/summary.json");
}

sub dropped {
    my ($received) = @_;
    return grep { $received->{$_}[0]{dropped} } keys %$received;
}

# Items in the state that the ledger does not account for.
sub misjudged {
    my ($received, $rows) = @_;
    return grep {
        my $state = $received->{$_}[0]{dropped} ? 'unknown' : 'confirmed';
        !$rows->{$_} || $rows->{$_}{state} ne $state
            || $rows->{$_}{attempts} != 1;
    } keys %$received;
}

my $first = run_once('first');
my $received = ledger($mock);
my $rows = journal($acme);
my $dropped = dropped($received);
cmp_ok($dropped, '>', 10, 'the host dropped some');
is(scalar keys %$received, 2000, 'it received every item');
is(scalar(grep { @$_ != 1 } values %$received), 0, 'and none twice');
is(scalar(grep { !$_->[0]{applied} } values %$received), 0,
    'and applied all of them');
is_deeply([misjudged($received, $rows)], [],
    'dropped is unknown, all else is confirmed');
is(scalar keys %$rows, 2000, 'the journal has a row for each');
is($first->{unknown}, $dropped, 'the summary counts the unknown ones');
is($first->{open_unknown}, $dropped, 'as open, too');
is($first->{confirmed}, 2000 - $dropped, 'and the confirmed ones');

my $second = run_once('second');
is($second->{attempts}, 0, 'second: nothing was sent');
is($second->{unknown}, $dropped, 'second: the unknown ones are held');
is($second->{already}, 2000 - $dropped, 'second: the others are already');
is_deeply(ledger($mock), $received, 'second: the ledger is as it was');

ok(stop_mock($mock), 'the mock ends well');
done_testing;
