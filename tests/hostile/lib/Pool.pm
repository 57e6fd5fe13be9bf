# Pool.pm: the cases of one test, several at a time, and their TAP in order.
package Pool;

use strict;
use warnings;

use Case qw(read_case case_files);
use Exporter 'import';
use JSON::PP;
use POSIX ();
use Rig;
use Test::More;
use Time::HiRes 'time';
use Trial qw(try_case skip_of);

our @EXPORT_OK = qw(try_cases);

my $json = JSON::PP->new->utf8;

use constant AT_ONCE => 6; # many wait for a deadline

# Where the sanitizers are not told otherwise.
$ENV{ASAN_OPTIONS} //= 'detect_leaks=1:abort_on_error=0';
$ENV{UBSAN_OPTIONS} //= 'print_stacktrace=1:halt_on_error=1';

sub new_journal {
    my $at = folder() . '/empty';
    mkdir $at or die "$at: $!\n";
    my ($code, undef, $err) = omnitron('journal', 'new', $at);
    die "journal new: exit $code: $err\n" if $code != 0;
    return "$at/journal.db";
}

# The process that tries one case; its result is in a file.
sub begin {
    my ($path, $folder, $journal) = @_;
    my ($name) = $path =~ m{([^/]+)\z};
    my $job = { name => $name, result => folder() . "/$name.result" };
    my $pid = fork // die "fork: $!\n";
    if ($pid) {
        return { %$job, pid => $pid };
    }
    my %result = (name => $name);
    my $at = folder() . "/$name";
    my $ok = eval {
        my $case = read_case($path);
        $result{title} = "$name: $case->{tries}";
        $result{skip} = skip_of($case);
        @result{qw(wrong seconds)} = try_case($case, $at, $folder, $journal)
            if !$result{skip};
        1;
    };
    $result{wrong} = ["the runner: $@"] if !$ok;
    spill("$job->{result}.new", $json->encode(\%result));
    rename "$job->{result}.new", $job->{result};
    system 'rm', '-rf', $at if !$ENV{HOSTILE_KEEP};
    POSIX::_exit(0);
}

sub result_of {
    my ($job) = @_;
    my $text = slurp($job->{result})
        // return { wrong => ['the runner died of it'] };
    return $json->decode($text);
}

sub say_one {
    my ($job) = @_;
    my $result = result_of($job);
    my $title = $result->{title} // $job->{name};
    $title .= sprintf ' (%.1f s)', $result->{seconds}
        if defined $result->{seconds};
    SKIP: {
        skip $result->{skip}, 1 if defined $result->{skip};
        ok(!@{ $result->{wrong} }, $title)
            or diag(join "\n", @{ $result->{wrong} });
    }
}

# Those that are over, from the first on; prints them in their order.
sub tell_ended {
    my ($jobs) = @_;
    while (@$jobs && $jobs->[0]{over}) {
        say_one(shift @$jobs);
    }
}

sub wait_for_one {
    my ($jobs) = @_;
    my $pid = waitpid -1, 0;
    $_->{over} = 1 for grep { $_->{pid} == $pid } @$jobs;
    tell_ended($jobs);
}

my (@running, $top);

sub run_all {
    my ($folder, @paths) = @_;
    my $journal = new_journal();
    my @jobs;
    for my $path (@paths) {
        while ((grep { !$_->{over} } @jobs) >= AT_ONCE) {
            wait_for_one(\@jobs);
        }
        push @jobs, begin($path, $folder, $journal);
        @running = @jobs;
    }
    wait_for_one(\@jobs) while @jobs;
}

# The cases that `wanted` takes by name and number; or those named in the
# arguments, as "token_*".
sub try_cases {
    my ($folder, $wanted) = @_;
    $top = $$;
    umask 022;
    my @paths = case_files($folder);
    if (@ARGV) {
        @paths = map { my $one = $_; grep { -f } glob "$folder/$one.*" } @ARGV;
        @paths = grep {/\.(lua|host|sh)\z/} @paths;
    } else {
        @paths = @paths[grep { $wanted->($paths[$_], $_) } 0 .. $#paths];
    }
    run_all($folder, @paths);
    done_testing();
}

END {
    if (defined $top && $$ == $top) {
        local $?;
        kill 'KILL', map { $_->{pid} } grep { !$_->{over} } @running;
    }
}

1;
