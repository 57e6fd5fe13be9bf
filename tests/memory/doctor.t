#!/usr/bin/perl
# Every allocation of a doctor, and of what people do with the cursors, fails
# once: no crash, no leak, and no good word for what could not be looked at.
use strict;
use warnings;
use FindBin;
use Test::More;
use lib "$FindBin::Bin/../faults";
use Rig;

my $program = "$ENV{BUILD}/memory/omnitron";
my $budget = $ENV{OMNITRON_SOAK} ? 1e9 : is_asan() ? 30 : 150;
my $mock = start_mock('--items', '1-999999');
my $acme = customer('acme', 'mock', qq(url = "$mock->{url}"),
    'token_file = "token"');
my $profile = "$acme/profile.lua";
my $dir = folder();

spill("$acme/release.lua", "omnitron.remember('odoo', 17)\n");
is((omnitron('run', "$acme/release.lua"))[0], 0, 'a run');
$ENV{LSAN_OPTIONS} = "suppressions=$dir/suppressions:print_suppressions=0";
spill("$dir/suppressions", "leak:strbuf_new\n");

# (exit code or -1, what was said, how many allocations, how many are left)
sub fail_at {
    my ($n, @words) = @_;
    local $ENV{MEM_FAIL_AT} = $n;
    local $ENV{MEM_REPORT} = "$dir/report";
    unlink "$dir/report";
    my ($code, $out, $err)
        = finish(spawn('failing', 'timeout', '-s', 'KILL', 20, $program,
            @words));
    my ($calls, $left) = split ' ', slurp("$dir/report") || '0 -1';
    return ($code, "$out$err", $calls, $left);
}

sub faults_of {
    my ($n, @words) = @_;
    my ($code, $said, undef, $left) = fail_at($n, @words);
    my @faults;
    push @faults, "exit $code" if !grep { $code == $_ } 0, 2, 5, 6, 7, 70;
    push @faults, "$left blocks left" if $left;
    push @faults, 'silent' if $code && $said eq '';
    push @faults, 'ready, and memory was out'
        if $said =~ /^ready/m && $said =~ /out of memory/;
    return map {"allocation $n: $_: $said"} @faults;
}

for my $words (
    ['doctor', $acme],
    ['recall', '--profile', $profile],
    ['recall', '--profile', $profile, 'odoo', '--json'],
    ['remember', '--profile', $profile, 'odoo', '18'],
    ['forget', '--profile', $profile, 'odoo'],
) {
    my ($code, $said, $calls, $left) = fail_at(0, @$words);
    cmp_ok($calls, '>', 10, "@$words[0]: allocates");
    is("$code $left", '0 0', "@$words[0]: nothing fails, nothing is amiss")
        or diag($said);
    my $step = int($calls / $budget) + 1;
    my @faults;
    for (my $n = 1; $n <= $calls; $n += $step) {
        push @faults, faults_of($n, @$words);
    }
    is(join("\n", @faults), '',
        "@$words[0]: each of $calls allocations, every ${step}th tried");
    omnitron('remember', '--profile', $profile, 'odoo', '17');
}
is((omnitron('journal', 'verify', $acme))[0], 0, 'the journal is whole');
ok(stop_mock($mock), 'the mock ends well');
done_testing;
