#!/usr/bin/perl
# kill -9 at each call of a small run against a host that drops answers: by
# preload over the calls on the journal's files and on the network in the
# order of the process, both threads; by strace over all calls of a name.
# What reached the host is on disk, nothing is lost, nothing is sent twice.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use Rig;
use Test::More;

my @drops = ('--fault', 'drop-after=0.2', '--seed', seed(11));
my $strace = qx(strace -V 2>&1) =~ /^strace/;
my $first = 1001; # of the next case's items

# Over which calls strace counts, each name alone.
my @names = qw(
    pwrite64 pread64 fdatasync fsync fcntl openat close ftruncate unlink flock
    mmap munmap futex write read sendto recvfrom poll connect getsockopt brk
);

sub under_strace {
    my ($place, @more) = @_;
    my @leaks = is_asan() ? ('-E', 'ASAN_OPTIONS=detect_leaks=0') : ();
    return ('strace', '-f', '-qq', @leaks, '-o', "$place->{path}/strace",
        @more);
}

# How many calls a run makes that nobody kills.
sub count_preloaded {
    my ($at_once) = @_;
    my $mock = start_mock('--items', '1-999', @drops);
    my $place = place("count$at_once", $mock, at_once => $at_once);
    my ($code, $out, $err) = run_place($place, 'env', preload(),
        "DISK_TRACE=$place->{path}/trace");
    like($code, qr/^[046]$/, 'a run that nobody kills') or diag($err);
    stop_mock($mock);
    return scalar grep { !/^POST/ } split /\n/, slurp("$place->{path}/trace");
}

sub preloaded_cases {
    my ($at_once) = @_;
    return map { { title => "$at_once at once: call $_", at_once => $at_once,
        fault => "any:any:any:$_:kill" } } 1 .. count_preloaded($at_once);
}

# "sendto" => how often the thread that does it most does it.
sub count_straced {
    my $mock = start_mock('--items', '1-999', @drops);
    my $place = place('strace', $mock, at_once => 4);
    my ($code, $out, $err) = run_place($place,
        under_strace($place, '-e', 'trace=' . join ',', @names));
    like($code, qr/^[046]$/, 'a run under strace') or diag($err);
    stop_mock($mock);
    my (%of, %most);
    /^(\d+) +(\w+)\(/ and $of{$2}{$1}++
        for split /\n/, slurp("$place->{path}/strace");
    for my $name (keys %of) {
        ($most{$name}) = sort { $b <=> $a } values %{ $of{$name} };
    }
    return \%most;
}

sub straced_cases {
    my $most = count_straced();
    return map {
        my $name = $_;
        map { { title => "strace: $name $_", at_once => 4,
            inject => "$name:signal=KILL:when=$_" } } 1 .. $most->{$name} // 0;
    } @names;
}

sub before {
    my ($case, $place) = @_;
    return ('env', preload(), "DISK_FAULT=$case->{fault}") if $case->{fault};
    my ($name) = $case->{inject} =~ /^(\w+)/;
    return under_strace($place, '-e', "trace=$name", '-e',
        "inject=$case->{inject}");
}

# The kill; then two runs that nobody kills, after which all is settled.
sub one {
    my ($case) = @_;
    my $place = place("case$case->{first}", worker_mock(@drops),
        first => $case->{first}, at_once => $case->{at_once});
    my ($code, $out, $err) = run_place($place, before($case, $place));
    my @bad = bad_now($place);
    push @bad, "exit $code: $err" if $code !~ /^(-9|137|[046])$/;
    push @bad, map {"after the next run: $_"} bad_after_run($place) if !@bad;
    push @bad, map {"after one more: $_"} bad_settled($place) if !@bad;
    system 'rm', '-rf', $place->{path};
    return { title => $case->{title}, bad => \@bad,
        hit => $code =~ /^(-9|137)$/ ? 1 : 0 };
}

sub judge {
    my ($title, @cases) = @_;
    for (@cases) {
        $_->{first} = $first;
        $first += 20;
    }
    my @answers = in_parallel(\&one, @cases);
    my @bad = map { my $a = $_; map {"$a->{title}: $_"} @{ $a->{bad} } }
        @answers;
    is(scalar @bad, 0, "$title: " . @cases . ' kills')
        or diag(join "\n", @bad[0 .. ($#bad > 19 ? 19 : $#bad)]);
    my $hit = grep { $_->{hit} } @answers;
    cmp_ok($hit, '>=', @cases / 2, "$title: most met the run");
    note("$title: $hit of " . @cases . ' met the run');
}

judge("$_ at once", every($_ == 1 ? 29 : 19, preloaded_cases($_))) for 1, 4;
SKIP: {
    skip 'strace is not there: apt-get install strace', 3 if !$strace;
    judge('by strace', every(17, straced_cases()));
}
done_testing;
