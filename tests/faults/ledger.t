#!/usr/bin/perl
# The main job at full size: a file of 10,000 lines, and again. What the mock
# received, what the journal says and what the file asks for must be the same.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

my $count = is_asan() ? 2000 : 10000;
my $mock = start_mock('--items', '100001-999999');
my $acme = customer('acme', 'mock', qq(url = "$mock->{url}"),
    'token_file = "token"', 'update_stock = "explicit"', 'at_once = 16');
my ($file, $lines) = generate('lines.csv', $count, 7);
is(scalar @$lines, $count, "a file of $count lines");

my (%asked, %kinds, %codes);
for (@$lines) {
    my $kind = $_->{item} eq '' ? 'skipped'
        : $_->{erp_doc} eq '' ? 'later' : 'released';
    $kinds{$kind}++;
    next if $kind ne 'released';
    my $code = "$_->{erp_doc}/$_->{erp_line}";
    $asked{ $_->{item} } = { code => $code,
        update_stock => $_->{stock} eq 'consignment' ? 0 : 1 };
    $codes{$code}++;
}
my $repeated = grep { $_ > 1 } values %codes;
my $held = grep { !$_->{update_stock} } values %asked;
ok($kinds{skipped} && $kinds{later} && $held && $repeated,
    'the file has lines of every kind');

sub run_once {
    my ($title) = @_;
    my ($code, $out, $err) = omnitron('run', '--summary', "$acme/summary.json",
        "$acme/rules.lua", $file);
    is($code, 0, "$title: exit 0") or diag($err);
    is($out, '', "$title: nothing on stdout");
    return summary("$acme/summary.json");
}

sub add_up {
    my ($title, $s) = @_;
    is($s->{rows}, $s->{released} + $s->{skipped} + $s->{later} + $s->{failed}
            + $s->{invalid}, "$title: the rows add up");
    is($s->{releases} + $s->{carried}, $s->{confirmed} + $s->{already}
            + $s->{rejected} + $s->{conflict} + $s->{unknown} + $s->{pending},
        "$title: the releases add up");
    is($s->{rows}, $count, "$title: every line was read");
    is($s->{$_}, $kinds{$_}, "$title: $_") for sort keys %kinds;
    is($s->{$_}, 0, "$title: none $_")
        for qw(failed invalid rejected conflict unknown pending open_unknown
        exit);
}

# What is not as the file asks, on one of the two sides.
sub differences {
    my ($have, $is_right) = @_;
    my @wrong = grep { !$have->{$_} || !$is_right->($have->{$_}, $asked{$_}) }
        keys %asked;
    push @wrong, grep { !$asked{$_} } keys %$have;
    return join ' ', (sort @wrong)[0 .. ($#wrong > 4 ? 4 : $#wrong)];
}

sub is_same {
    my ($seen, $asked) = @_;
    return $seen->{code} eq $asked->{code}
        && $seen->{update_stock} == $asked->{update_stock};
}

sub received_right {
    my ($bodies, $asked) = @_;
    return @$bodies == 1 && is_same($bodies->[0], $asked)
        && $bodies->[0]{applied} && $bodies->[0]{status} =~ /^2/;
}

sub row_right {
    my ($row, $asked) = @_;
    return is_same($row, $asked) && $row->{state} eq 'confirmed'
        && $row->{attempts} == 1 && $row->{http_status} =~ /^2/
        && $row->{mapping_pk} > 0 && $row->{message} eq '';
}

my $first = run_once('first');
add_up('first', $first);
is($first->{confirmed}, $kinds{released}, 'first: all of them confirmed');
is($first->{attempts}, $kinds{released}, 'first: one attempt each');
is($first->{repeated_codes}, $repeated, 'first: codes on several items');

my $received = ledger($mock);
my $rows = journal($acme);
is(differences($received, \&received_right), '',
    'the mock received what the file asks, one body each');
is(differences($rows, \&row_right), '', 'the journal says the same');
my %pks = map { $_->{mapping_pk} => 1 } values %$rows;
is(scalar keys %pks, scalar keys %asked, 'each row keeps its own mapping');

my $second = run_once('second');
add_up('second', $second);
is($second->{already}, $kinds{released}, 'second: all of them already');
is($second->{attempts}, 0, 'second: nothing was sent');
is_deeply(ledger($mock), $received, 'second: the ledger is as it was');
is_deeply(journal($acme), $rows, 'second: the journal is as it was');

ok(stop_mock($mock), 'the mock ends well');
done_testing;
