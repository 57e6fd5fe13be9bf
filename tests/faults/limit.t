#!/usr/bin/perl
# A host that counts requests, in each of the ways that servers do, and answers
# 429 above its limit: everything is released all the same, none twice, and
# what was learned is kept for the next run.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use Rig;
use Test::More;

my @kinds = (
    ['--limit', '60'],
    ['--limit', '30/s', '--limit-kind', 'drf'],
    ['--limit', '30/s', '--limit-kind', 'drf', '--limit-header', 'no'],
    ['--limit', '40/500ms,500/h', '--limit-kind', 'window'],
    ['--limit', '30/s', '--limit-kind', 'window', '--limit-header', 'yes'],
    ['--limit', '60/s', '--limit-kind', 'bucket', '--limit-burst', '20'],
    ['--limit', '60/s', '--limit-kind', 'nginx'],
    ['--limit', '60/s', '--limit-kind', 'nginx', '--limit-burst', '10'],
);

sub lines_from {
    my ($first) = @_;
    my $lines = folder() . '/lines.csv';
    spill($lines, join '', "item;erp_doc;erp_line;stock\n",
        map {"$_;SO-$_;10;own\n"} $first .. $first + 79);
    return $lines;
}

sub tried {
    my ($n, @limit) = @_;
    my $mock = start_mock('--items', '1-999999', @limit);
    my $acme = customer("acme$n", 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"', 'tries = 20');
    my @bad;
    for my $first (1, 81) {
        my ($code, $out, $err) = omnitron('run', "$acme/rules.lua",
            lines_from($first));
        push @bad, "exit $code: $err" if $code != 0;
    }
    my $received = ledger($mock);
    push @bad, keys(%$received) . ' items came' if keys %$received != 160;
    push @bad, 'one was not applied once'
        if grep { 1 != grep { $_->{applied} } @$_ } values %$received;
    my @refused = grep { !$_->{applied} } map {@$_} values %$received;
    push @bad, 'the limit was not met' if !@refused;
    push @bad, 'another status' if grep { $_->{status} != 429 } @refused;
    push @bad, 'nothing was learned'
        if slurp("$acme/journal.db.notes") !~ /^pace \d+ \d*[1-9]/m;
    stop_mock($mock) or push @bad, 'the mock ends badly';
    return [map {"@limit: $_"} @bad];
}

# Most of the time goes by in waiting.
my @answers = in_parallel(sub { tried("$$-$_[0]", @{ $kinds[$_[0]] }) },
    0 .. $#kinds);
is_deeply([map {@$_} @answers], [], scalar @kinds . ' kinds of limiters');

# What cannot be read is refused.
for my $wrong (['--limit', 'many'], ['--limit', '5/0s'],
    ['--limit', '5', '--limit-kind', 'leaky'],
    ['--limit', '5', '--limit-header', 'maybe']) {
    my ($code, $out, $err) = omnitron('mock', @$wrong);
    is($code, 2, "mock @$wrong");
    like($err, qr/\Q$wrong->[-2]\E is .*\Q$wrong->[-1]\E/, 'and says why');
}
done_testing;
