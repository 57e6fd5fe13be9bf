#!/usr/bin/perl
# doctor --repeat: one release sent twice on purpose, what the host did with
# the second, and what is right for when_unknown then.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

my %says = (
    same => qr/same mapping.*when_unknown = "resend"/s,
    overwrite => qr/same mapping.*when_unknown = "resend"/s,
    accept => qr/second mapping.*when_unknown = "hold"/s,
    refuse => qr/refuses a second.*when_unknown = "hold"/s,
);

for my $repeat (sort keys %says) {
    my $mock = start_mock('--items', '1-999999', '--repeat', $repeat);
    my $acme = customer($repeat, 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"');
    my @asked = ('doctor', $acme, '--repeat', 46761, 'TEST/1');
    my ($code, $out, $err) = omnitron(@asked);
    is($code, 2, "$repeat: exit 2 without --yes");
    like($err, qr/46761.*again on purpose.*--yes/, "$repeat: the warning");
    is_deeply(ledger($mock), {}, "$repeat: nothing was sent");

    ($code, $out, $err) = omnitron(@asked, '--yes');
    is($code, 0, "$repeat: exit 0") or diag($err);
    like($out, $says{$repeat}, "$repeat: what it teaches");
    is(scalar @{ ledger($mock)->{46761} }, 2, "$repeat: it was sent twice");
    my $story = show($acme, 46761);
    is($story->{state}, 'confirmed', "$repeat: the first one stands");
    is(scalar @{ $story->{attempts_made} }, 2, "$repeat: both are kept");
    is(scalar(grep { $_->{note} =~ /on purpose/ } @{ $story->{audit} }), 1,
        "$repeat: and an audit row between");

    ($code, $out, $err) = omnitron(@asked, '--yes');
    is($code, 2, "$repeat: not with an item that was released");
    is(scalar @{ ledger($mock)->{46761} }, 2, "$repeat: nothing more was sent");
    is((omnitron('journal', 'verify', $acme))[0], 0, "$repeat: verify");
    ok(stop_mock($mock), "$repeat: the mock ends well");
}

# What is not applied teaches nothing, and is not sent again.
my $mock = start_mock('--items', '1-999999', '--fault', 'drop-after@46761');
my $acme = customer('lost', 'mock', qq(url = "$mock->{url}"),
    'token_file = "token"');
my ($code, $out) = omnitron('doctor', '--repeat', 46761, 'TEST/1', $acme,
    '--yes');
is($code, 4, 'the first is unknown: exit 4');
like($out, qr/second was not sent/, 'and says so');
is(scalar @{ ledger($mock)->{46761} }, 1, 'it was sent once');
ok(stop_mock($mock), 'the mock ends well');
done_testing;
