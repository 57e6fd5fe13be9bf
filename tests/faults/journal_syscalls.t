#!/usr/bin/perl
# Each call that touches the journal's files fails once: an I/O error, a full
# disk, a short write, a disk that lies. The run ends with 7 or as if nothing
# had been, nothing is sent that is not on disk, and what could not be kept is
# on stderr.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use Rig;
use Test::More;

my %number = (EIO => 5, ENOMEM => 12, ENOSPC => 28);
my $first = 1001; # of the next case's items
my $strace = qx(strace -V 2>&1) =~ /^strace/ ? 'strace' : undef;

# What fails and how; with a number only in the long form, one of as many: a
# lock that is not given back is waited for, 10 s each. By preload, for each of
# the two threads: what strace cannot reach, since it counts the calls of each
# thread from 1 and the main one comes first.
my @preloaded = (
    ['pwrite', 'EIO ENOSPC short'],
    ['fdatasync', 'EIO ENOSPC'],
    ['pread', 'EIO'],
    ['ftruncate', 'EIO ENOSPC'],
    ['fcntl', 'EIO', 41],
    ['open', 'EIO ENOSPC'],
    ['unlink', 'EIO'],
);

# By strace, all that the program itself does to these files besides.
my @straced = (
    ['openat', 'EIO ENOSPC'],
    ['newfstatat', 'EIO'], # a newer glibc has the other:
    ['fstat', 'EIO'],
    ['statx', 'EIO'],
    ['statfs', 'EIO'],
    ['readlink', 'EIO'],
    ['flock', 'EIO'],
    ['fcntl', 'EIO', 11],
    ['mmap', 'ENOMEM'],
    ['pread64', 'EIO'],
    ['pwrite64', 'EIO ENOSPC'],
    ['fdatasync', 'EIO ENOSPC'],
    ['ftruncate', 'EIO ENOSPC'],
    ['fchown', 'EIO'],
    ['unlink', 'EIO'],
);

sub counted {
    my ($path) = @_;
    my %count;
    $count{$_}++ for split /\n/, slurp($path) // '';
    return \%count;
}

# One run that nothing befalls: "journal pwrite -wal" => how often.
sub record {
    my ($at_once) = @_;
    my $mock = start_mock('--items', '1-999');
    my $place = place("record$at_once", $mock, at_once => $at_once);
    my ($code, $out, $err) = run_place($place, 'env', preload(),
        "DISK_TRACE=$place->{path}/trace");
    is($code, 0, "$at_once at once: a run that nothing befalls") or diag($err);
    stop_mock($mock);
    my $count = counted("$place->{path}/trace");
    delete $count->{$_} for grep {/^POST|net$/} keys %$count;
    return $count;
}

sub indices {
    my ($step, $count) = @_;
    return 1 .. $count if !$step;
    return $ENV{OMNITRON_SOAK} ? grep { $_ % $step == 0 } 1 .. $count : ();
}

sub preloaded_cases {
    my ($at_once) = @_;
    my $count = record($at_once);
    my @cases;
    for my $key (sort keys %$count) {
        my ($thread, $call, $file) = split / /, $key;
        my ($row) = grep { $_->[0] eq $call } @preloaded;
        fail("$key has no row") if !$row;
        for my $what (split / /, $row->[1]) {
            push @cases, { title => "$at_once at once: $key, $what, no. $_",
                at_once => $at_once, what => $what,
                fault => "$thread:$call:$file:$_:"
                    . ($number{$what} // $what) }
                for indices($row->[2], $count->{$key});
        }
    }
    return @cases;
}

# The same for the main thread by strace: "openat journal.db-wal".
sub strace_files {
    my ($place, @more) = @_;
    my $at = "$place->{path}/journal.db";
    my @leaks = is_asan() ? ('-E', 'ASAN_OPTIONS=detect_leaks=0') : ();
    return ('strace', '-f', '-qq', @leaks, '-o', "$place->{path}/strace",
        (map { ('-P', "$at$_") } '', '-wal', '-shm', '.lock'), @more);
}

sub straced_cases {
    my $mock = start_mock('--items', '1-999');
    my $place = place('strace', $mock);
    my ($code, $out, $err) = run_place($place, strace_files($place));
    is($code, 0, 'a run under strace') or diag($err);
    stop_mock($mock);
    my ($main, %count);
    for (split /\n/, slurp("$place->{path}/strace")) {
        my ($thread, $call) = /^(\d+) +(\w+)\(/ or next;
        $main //= $thread;
        $count{$call}++ if $thread == $main;
    }
    delete $count{close};
    my %known = map { $_->[0] => 1 } @straced;
    is_deeply([grep { !$known{$_} } sort keys %count], [],
        'every call of the main thread on these files has its row');
    return map {
        my ($call, $whats, $step) = @$_;
        map {
            my $what = $_;
            map { { title => "strace: $call, $what, no. $_", what => $what,
                inject => "$call:error=$what:when=$_" } }
                indices($step, $count{$call} // 0);
        } split / /, $whats;
    } @straced;
}

sub before {
    my ($case, $place) = @_;
    return ('env', preload(), "DISK_FAULT=$case->{fault}",
        "DISK_TRACE=$place->{path}/trace") if $case->{fault};
    return strace_files($place, '-e', "inject=$case->{inject}");
}

# Whether the fault befell the run, and how many bodies left after it.
sub after_fault {
    my ($case, $place) = @_;
    my $file = $case->{fault} ? 'trace' : 'strace';
    my $trace = slurp("$place->{path}/$file");
    return ($trace =~ /INJECTED/ ? 1 : 0, 0) if !$case->{fault};
    my ($rest) = $trace =~ /^FAULT\n(.*)/ms;
    return (0, 0) if !defined $rest;
    # The journal's thread has said so, and wakes the loop.
    my ($woken) = $rest =~ /^journal send net\n(.*)/ms;
    return (1, scalar(() = $rest =~ /^POST/mg),
        scalar(() = ($woken // '') =~ /^POST/mg));
}

sub one {
    my ($case) = @_;
    my $place = place($case->{name}, worker_mock(), first => $case->{first},
        at_once => $case->{at_once} // 1);
    my ($code, $out, $err) = run_place($place, before($case, $place));
    my ($hit, $posts, $late) = after_fault($case, $place);
    my @bad = bad_now($place, $code == 7 ? $err : undef);
    push @bad, "exit $code: $err" if $code != 0 && $code != 7;
    push @bad, "exit 7 and no word of it" if $code == 7 && $err !~ /journal/;
    # Until the journal's thread has said so, the loop sends what was durable
    # before the fault: what may be in flight, and twice as many ahead of it.
    # Then it may be about to send.
    my $at_once = $case->{at_once} // 1;
    push @bad, "$posts bodies left after the fault"
        if $code == 7 && $posts > 3 * $at_once;
    push @bad, "$late bodies left after the journal's word"
        if $code == 7 && ($late // 0) > $at_once;
    push @bad, bad_after_run($place) if !@bad;
    system 'rm', '-rf', $place->{path};
    return { title => $case->{title}, bad => \@bad, code => $code,
        hit => $hit, posts => $posts, late => $late // 0,
        kept => scalar(() = $err =~ /keep this line/g) };
}

# A disk that says it wrote and did not breaks what a journal stands on, and
# nobody can promise anything then. What is shown: the program stays in its
# ways, and how often that was noticed, here or by the run after it.
sub one_lie {
    my ($case) = @_;
    my $place = place($case->{name}, worker_mock(), first => $case->{first});
    my @codes = (run_place($place, before($case, $place)))[0];
    push @codes, (run_place($place))[0];
    my @bad = map {"exit $_"} grep { !/^[02457]$/ } @codes;
    my @broken = bad_now($place);
    system 'rm', '-rf', $place->{path};
    return { title => $case->{title}, bad => \@bad,
        noticed => (grep { $_ != 0 } @codes) ? 1 : 0,
        harm => @broken ? 1 : 0 };
}

sub judge_lies {
    my @cases = map { { title => "lie: -wal, no. $_", name => "lie$_",
        what => 'lie', fault => "journal:pwrite:-wal:$_:lie",
        first => $first + 20 * $_ } } @_;
    my @answers = in_parallel(\&one_lie, @cases);
    $first += 20 * (1 + $_[-1]);
    my @bad = map { my $a = $_; map {"$a->{title}: $_"} @{ $a->{bad} } }
        @answers;
    is_deeply(\@bad, [], 'a disk that lies: no crash');
    note(@cases . ' lies: noticed ' . grep({ $_->{noticed} } @answers)
        . ', harm done by ' . grep { $_->{harm} } @answers);
}

sub judge {
    my ($title, @cases) = @_;
    for (@cases) {
        $_->{first} = $first;
        $_->{name} = "case$first";
        $first += 20;
    }
    my @answers = in_parallel(\&one, @cases);
    my @bad = map { my $a = $_; map {"$a->{title}: $_"} @{ $a->{bad} } }
        @answers;
    is(scalar @bad, 0, "$title: " . @cases . " faults")
        or diag(join "\n", @bad[0 .. ($#bad > 19 ? 19 : $#bad)]);
    my (%codes, $hit, $kept, $posts, $late);
    for (@answers) {
        next if !$_->{hit};
        $hit++;
        $codes{ $_->{code} }++;
        $kept += $_->{kept};
        $posts++ if $_->{posts};
        $late++ if $_->{late} && $_->{code} == 7;
    }
    cmp_ok($hit // 0, '>=', @cases / 2, "$title: most befell the run");
    note("$title: $hit befell it; exits: "
        . join(', ', map {"$_: $codes{$_}"} sort keys %codes)
        . "; $kept answers printed; a body left after "
        . ($posts // 0)
        . " of them, after the journal's word " . ($late // 0));
}

judge("$_ at once", every($_ == 1 ? 9 : 19, preloaded_cases($_))) for 1, 4;
judge_lies(every(7, 1 .. 120));
SKIP: {
    skip 'strace is not there: apt-get install strace', 1 if !$strace;
    judge('by strace', every(5, straced_cases()));
}
done_testing;
