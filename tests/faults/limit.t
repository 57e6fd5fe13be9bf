#!/usr/bin/perl
# A host that takes so many a second and answers 429 above it: everything is
# released all the same, none twice, and what was learned is kept.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

my $mock = start_mock('--items', '1-999999', '--limit', '60');
my $acme = customer('acme', 'mock', qq(url = "$mock->{url}"),
    'token_file = "token"');
my $lines = folder() . '/lines.csv';
spill($lines, join '', "item;erp_doc;erp_line;stock\n",
    map {"$_;SO-$_;10;own\n"} 1 .. 120);
my ($code, $out, $err) = omnitron('run', "$acme/rules.lua", $lines);
is($code, 0, 'exit 0') or diag($err);
my $received = ledger($mock);
is(scalar keys %$received, 120, 'every item came');
is(scalar(grep { 1 != grep { $_->{applied} } @$_ } values %$received), 0,
    'each was applied once');
my @refused = grep { !$_->{applied} } map {@$_} values %$received;
cmp_ok(scalar @refused, '>', 0, 'the limit was met');
is(scalar(grep { $_->{status} != 429 } @refused), 0, 'which is all it was');
like(slurp("$acme/journal.db.notes"), qr/^pace \d+ /m,
    'what was learned is kept');
ok(stop_mock($mock), 'the mock ends well');
done_testing;
