#!/usr/bin/perl
# A test that is killed takes with it what it began: children by fork, the
# mock, a server's own children. None lives on and holds the pipe that prove
# reads.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;
use Time::HiRes 'sleep';

alarm 100;
if (@ARGV) { # the test that will be killed
    $| = 1;
    my $mock = start_mock();
    my $server = fork // die "fork: $!\n";
    if (!$server) {
        my $own = fork // die "fork: $!\n";
        print "$own\n" if $own;
        sleep 1000;
    }
    print "$mock->{pid}\n$server\n";
    sleep 1000;
}

plan skip_all => 'no prctl that is known here'
    if (POSIX::uname())[4] !~ /^(?:x86_64|aarch64|riscv64)$/;
pipe my $read, my $write or die "pipe: $!\n";
my $test = fork // die "fork: $!\n";
if (!$test) {
    close $read;
    open STDOUT, '>&', $write or die "dup: $!\n";
    exec $^X, $0, 'killed' or die "exec: $!\n";
}
close $write;
my @pids = map { my $line = <$read>; int $line } 1 .. 3;
is(scalar(grep { kill 0, $_ } @pids), 3, 'a mock, a server, its child');
kill 'KILL', $test;
waitpid $test, 0;
is(join('', <$read>), '', 'the pipe ends: nobody holds it');
ok(wait_until(sub { !grep { kill 0, $_ } @pids }), 'none lives on');
done_testing;
