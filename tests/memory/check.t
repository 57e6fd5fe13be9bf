#!/usr/bin/perl
# Every allocation of `omnitron check` fails once: no crash, no leak, and
# never a silent end.
use strict;
use warnings;
use FindBin;
use Test::More;
use lib "$FindBin::Bin/../faults";
use Rig;

my $program = "$ENV{BUILD}/memory/omnitron";
my $budget = $ENV{OMNITRON_SOAK} ? 1e9 : is_asan() ? 40 : 200;
my $dir = folder();
my $scripts = "$FindBin::Bin/../cli/check";

$ENV{PATH} = '/usr/bin:/bin';
$ENV{LSAN_OPTIONS} = 'print_suppressions=0';

# The exit code, what is left in memory, and how many allocations there were.
sub check_at {
    my ($n) = @_;
    local $ENV{MEM_FAIL_AT} = $n;
    local $ENV{MEM_REPORT} = "$dir/report";
    unlink "$dir/report";
    my $status = system("cd $scripts && timeout -s KILL 20 $program check"
          . " release.lua rules_test.lua >$dir/out 2>$dir/err");
    my ($calls, $left) = split ' ', -e "$dir/report" ? slurp("$dir/report") : '0 -1';
    return ($status, $calls, $left);
}

my ($status, $calls, $left) = check_at(0);
is($status >> 8, 1, 'nothing fails: something is found');
is($left, 0, 'and nothing is left');
my $all = slurp("$dir/out");
my $step = int($calls / $budget) + 1;
my @faults;
for (my $n = 1; $n <= $calls; $n += $step) {
    ($status, undef, $left) = check_at($n);
    my $code = $status >> 8;
    my $whole = $code == 1 && slurp("$dir/out") eq $all;
    my $said = $code == 70 && slurp("$dir/err") =~ /out of memory|not enough memory/;
    push @faults, "allocation $n: status $status, $left left: "
        . slurp("$dir/err")
        if $left || !($whole || $said);
}
is(join('', @faults), '', "each of $calls fails, every ${step}th tried");
done_testing;
