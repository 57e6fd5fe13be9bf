#!/usr/bin/perl
# Somebody lays hands on the journal's files while a run works with them: at
# random moments a file is taken away, renamed, replaced, cut short, or the
# whole folder is, and a second run begins at once. No item is sent twice, the
# first run ends with 7 and says which file it was, the second with its words.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use POSIX 'WNOHANG';
use Rig;
use Test::More;
use Time::HiRes 'sleep';

alarm 500; # a run that does not end fails

my $rounds = $ENV{OMNITRON_SOAK} ? 20 : is_asan() ? 1 : 2;
my $journal = 'journal.db';

# All its threads stand still, or it has ended.
sub halt {
    my ($run) = @_;
    kill 'STOP', $run->{pid};
    wait_until(sub {
        !grep { (slurp($_) // ') T') =~ /\) [^TZXt]/ }
            glob "/proc/$run->{pid}/task/*/stat" });
}

# A copy of what is on disk at one moment, which is given the name at once.
sub replace_by_copy {
    my ($path, $run, @names) = @_;
    halt($run);
    for my $name (@names) {
        my $bytes = slurp("$path/$name") // next;
        spill("$path/copy.$name", $bytes, 0600);
    }
    rename "$path/copy.$_", "$path/$_" for @names;
    kill 'CONT', $run->{pid};
}

sub cut {
    my ($path, $name) = @_;
    truncate "$path/$name", 0; # unless the run is over
}

sub away {
    my ($path, @names) = @_;
    rename "$path/$_", "$path/away.$_" for @names;
}

sub put {
    my ($path, $name, $bytes) = @_;
    spill("$path/put.$name", $bytes, 0600);
    rename "$path/put.$name", "$path/$name";
}

# The folder under another name, and a new one in its place.
sub new_folder {
    my ($path, @names) = @_;
    rename $path, "$path.away";
    mkdir $path;
    system 'cp', '-p', (map {"$path.away/$_"} qw(profile.lua token rules.lua
        lines.csv)), @names, $path;
}

my %ending = (gone => 'was taken away', other => 'was replaced by another file',
    short => 'was cut short');

# What is done, the file that the first run names and what it says of it, and
# how the second may end when it began beside the first.
my @kinds = (
    ['the lock is removed', sub { unlink "$_[0]/$journal.lock" },
        qr/\.lock (?:$ending{gone}|$ending{other})/, 11],
    ['the lock is renamed', sub { away($_[0], "$journal.lock") },
        qr/\.lock (?:$ending{gone}|$ending{other})/, 11],
    ['the lock is replaced', sub { put($_[0], "$journal.lock", '') },
        qr/\.lock $ending{other}/, 11],
    ['the journal is removed', sub { unlink "$_[0]/$journal" },
        qr/\.db $ending{gone}/, 2],
    ['the journal is renamed', sub { away($_[0], $journal) },
        qr/\.db $ending{gone}/, 2],
    ['the journal is renamed with all of it', sub {
        away($_[0], $journal, map {"$journal$_"} qw(-wal -shm .lock)) },
        qr/\.db $ending{gone}/, 2],
    ['the journal is replaced by a copy', sub {
        replace_by_copy(@_[0, 1], $journal, "$journal-wal") },
        qr/\.db $ending{other}/, qr/^(2|11)$/],
    ['a copy, and no lock', sub {
        replace_by_copy(@_[0, 1], map {"$journal$_"} '', qw(-wal -shm));
        unlink "$_[0]/$journal.lock" },
        qr/\.db $ending{other}/, qr/^(0|2|4|5)$/],
    ['another journal', sub { put($_[0], $journal, $_[2]) },
        qr/\.db $ending{other}/, qr/^(2|7|11)$/],
    ['another journal, and no lock', sub {
        put($_[0], $journal, $_[2]);
        unlink map {"$_[0]/$journal$_"} qw(-wal -shm .lock) },
        qr/\.db $ending{other}/, qr/^2$/],
    ['the journal is cut short', sub { cut($_[0], $journal) },
        qr/\.db $ending{short}/, qr/^(2|7|11)$/],
    ['the log is removed', sub { unlink "$_[0]/$journal-wal" },
        qr/-wal $ending{gone}/, 11],
    ['the log is cut short', sub { cut($_[0], "$journal-wal") },
        qr/-wal $ending{short}/, 11],
    ['the log is replaced', sub { replace_by_copy(@_[0, 1], "$journal-wal") },
        qr/-wal $ending{other}/, 11],
    ['the log is replaced, and no lock', sub {
        replace_by_copy(@_[0, 1], "$journal-wal");
        unlink "$_[0]/$journal.lock" },
        qr/-wal $ending{other}|\.lock $ending{gone}/, 11],
    ['the index is removed', sub { unlink "$_[0]/$journal-shm" },
        qr/-shm $ending{gone}/, 11],
    ['the index is cut short', sub { cut($_[0], "$journal-shm") },
        qr/-shm $ending{short}/, 11],
    ['the index is replaced', sub { put($_[0], "$journal-shm", "\0" x 32768) },
        qr/-shm $ending{other}/, 11],
    ['log and index are removed', sub {
        unlink map {"$_[0]/$journal-$_"} qw(wal shm) },
        qr/-wal $ending{gone}/, 11],
    ['the folder is renamed', sub { new_folder($_[0]) },
        qr/\.db $ending{gone}/, 2],
    ['the folder is a copy', sub {
        my ($path, $run) = @_;
        halt($run);
        new_folder($path);
        system "cp -p $path.away/$journal* $path/";
        kill 'CONT', $run->{pid} },
        qr/\.db $ending{other}/, qr/^(0|2|4|5)$/],
);

sub start {
    my ($place, $name) = @_;
    return spawn($name, $ENV{OMNITRON}, 'run', "$place->{path}/rules.lua",
        "$place->{path}/lines.csv");
}

sub twice {
    my ($place) = @_;
    my $all = ledger($place->{mock});
    return grep { @{ $all->{$_} // [] } > 1 } @{ $place->{items} };
}

sub bad_first {
    my ($kind, $code, $err) = @_;
    return "the first: exit $code: $err" if $code ne '7' && $code ne '0';
    return () if $code eq '0'; # it was over
    return "the first says: $err" if $err !~ $kind->[2];
    return 'no way out is named' if $err !~ /\. [A-Z]/;
    return ();
}

# Where the first has ended meanwhile, the second is any run.
sub bad_second {
    my ($kind, $beside, $code, $err) = @_;
    return () if !$beside && $code =~ /^(0|2|4|5|11)$/;
    return () if $code =~ /^$kind->[3]$/ && ($code =~ /^[045]$/ || $err ne '');
    return () if $code =~ /^(2|11)$/ && $err ne '';
    return "the second: exit $code: $err";
}

my $empty; # the bytes of a new journal

sub one {
    my ($case) = @_;
    my $kind = $kinds[$case->{kind}];
    my $mock = worker_mock('--latency', '4');
    my $place = fresh("case$$-$case->{n}", $mock, at_once => 32, count => 1500);
    $empty //= slurp("$place->{path}/$journal");
    my $first = start($place, "first$case->{n}");
    wait_until(sub { -s "$place->{path}/$journal-wal" });
    sleep $case->{after};
    $kind->[1]->($place->{path}, $first, $empty);
    my ($code2, $out2, $err2) = finish(start($place, "second$case->{n}"));
    my $beside = waitpid($first->{pid}, WNOHANG) == 0;
    my ($code, $out, $err) = $beside ? finish($first)
        : ($? & 127 ? -($? & 127) : $? >> 8, '', slurp("$first->{at}.err"));
    my @bad = (bad_first($kind, $code, $err),
        bad_second($kind, $beside, $code2, $err2));
    finish(start($place, "third$case->{n}"));
    push @bad, map {"twice: $_"} twice($place);
    system 'rm', '-rf', $place->{path}, "$place->{path}.away";
    return { title => "$kind->[0] after $case->{after}", bad => \@bad,
        said => $code eq '7' };
}

my $n = 0;
my @cases = map {
    my $kind = $_;
    map { { kind => $kind, n => ++$n, after => sprintf '%.4f', rand 0.2 } }
        1 .. $rounds
} 0 .. $#kinds;
my @answers = in_parallel(\&one, @cases);
is_deeply([map { my $a = $_; map {"$a->{title}: $_"} @{ $a->{bad} } } @answers],
    [], scalar @cases . ' times: nothing goes twice, and both say why');
cmp_ok(scalar(grep { $_->{said} } @answers), '>', @cases / 2,
    'most were met while they sent');
done_testing;
