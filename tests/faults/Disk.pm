# Disk.pm: what the tests of the journal under fault share: a small run under
# a fault, what must be right after it, and two such at a time.
package Disk;

use strict;
use warnings;

use Exporter 'import';
use JSON::PP;
use POSIX ();
use Rig;

our @EXPORT = qw(
    lines sql place fresh start_place run_place bad_now bad_after_run bad_settled
    worker_mock in_parallel every preload
);

my $template; # an empty journal, to be copied
my $next = 1001; # the first item of the next fresh place

sub lines {
    my ($path, $first, $last) = @_;
    spill($path, join '', "item;erp_doc;erp_line;stock\n",
        map {"$_;SO-$_;10;own\n"} $first .. $last);
}

sub sql {
    my ($place, $sql) = @_;
    my ($code, $out, $err)
        = finish(spawn('sql', 'sqlite3', "$place->{path}/journal.db", $sql));
    chomp $out;
    return $code == 0 ? $out : "sqlite3: exit $code: $err";
}

sub preload {
    return "LD_PRELOAD=$ENV{BUILD}/faults/disk.so";
}

# One of every $n, or all of them in the long form.
sub every {
    my ($n, @list) = @_;
    return @list if $ENV{OMNITRON_SOAK};
    $n *= 6 if is_asan();
    my $at = 0;
    return grep { $at++ % $n == 0 } @list;
}

# A customer with 20 (`count`) items of its own and an empty journal.
sub place {
    my ($name, $mock, %with) = @_;
    my $path = folder() . "/$name";
    my $first = $with{first} // 101;
    mkdir $path or die "$path: $!\n";
    spill("$path/profile.lua", sprintf <<~'END', $mock->{url},
        return {
          url = "%s", token_file = "token", at_once = %d,
          first_look = false,
        }
        END
        $with{at_once} // 1);
    spill("$path/token", "mock\n", 0600);
    spill("$path/rules.lua",
        slurp("$FindBin::Bin/../../scripts/init/csv/rules.lua"));
    my $last = $first + ($with{count} // 20) - 1;
    lines("$path/lines.csv", $first, $last);
    spill("$path/journal.db", $template //= new_journal(), 0600);
    return { path => $path, mock => $mock, items => [$first .. $last] };
}

# One whose items no other has.
sub fresh {
    my ($name, $mock, %with) = @_;
    my $first = $next;
    $next += $with{count} // 20;
    return place($name, $mock, first => $first, %with);
}

sub new_journal {
    my $path = folder() . "/template-$$";
    mkdir $path or die "$path: $!\n";
    my ($code, $out, $err) = omnitron('journal', 'new', $path);
    die "journal new: exit $code: $err\n" if $code != 0;
    return slurp("$path/journal.db");
}

# The run, `before` it what it is started by.
sub start_place {
    my ($place, @before) = @_;
    return spawn('run', @before, $ENV{OMNITRON}, 'run',
        "$place->{path}/rules.lua", "$place->{path}/lines.csv");
}

# (exit, stdout, stderr)
sub run_place {
    return finish(start_place(@_));
}

sub received {
    my ($place) = @_;
    my $all = ledger($place->{mock});
    return { map { $all->{$_} ? ($_ => $all->{$_}) : () }
            @{ $place->{items} } };
}

sub applied {
    my ($bodies, $code) = @_;
    return grep { $_->{applied} && $_->{code} eq $code } @$bodies;
}

# What is not as it must be for one item, whatever befell the run.
sub bad_item {
    my ($bodies, $row) = @_;
    return 'at the host and not on disk' if @$bodies && !$row;
    return 'more bodies than attempts' if $row && $row->{attempts} < @$bodies;
    return 'sent twice' if @$bodies > 1;
    return () if !$row;
    my $done = applied($bodies, $row->{code});
    return 'confirmed and not applied'
        if $row->{state} eq 'confirmed' && !$done;
    return "$row->{state} and applied"
        if $row->{state} =~ /^(pending|rejected|cancelled)$/ && $done;
    return ();
}

# The answers that a journal which failed could not keep are on stderr.
sub bad_words {
    my ($item, $bodies, $row, $err) = @_;
    return () if !@$bodies || $row->{state} ne 'sending';
    my $line = qr/item $item, code "SO-$item\/10", .*: applied, mapping [1-9]/;
    return () if $err =~ /keep this line: $line/;
    return 'answered, not kept and not printed';
}

# The broken promises right after a run: those of every item, the file's, and
# when `err` is given those about what it printed.
sub bad_now {
    my ($place, $err) = @_;
    my $rows = eval { journal($place->{path}) } or return "unreadable: $@";
    my $received = received($place);
    my @bad;
    for my $item (@{ $place->{items} }) {
        my $bodies = $received->{$item} // [];
        my @of = bad_item($bodies, $rows->{$item});
        @of = bad_words($item, $bodies, $rows->{$item}, $err)
            if !@of && @$bodies && defined $err;
        push @bad, map {"$_: $item"} @of;
    }
    my $check = sql($place, 'PRAGMA integrity_check');
    push @bad, "integrity_check: $check" if $check ne 'ok';
    return @bad;
}

# A run with nothing in its way, and what it must have come to. The host may
# drop answers: then some are unknown.
sub bad_after_run {
    my ($place) = @_;
    my $was = received($place);
    my ($code, $out, $err) = run_place($place);
    my @bad = bad_now($place);
    return @bad if @bad;
    my $rows = journal($place->{path});
    my $now = received($place);
    my %states;
    $states{ $rows->{$_} ? $rows->{$_}{state} : 'nowhere' }++
        for @{ $place->{items} };
    push @bad, map {"sent again: $_"}
        grep { @{ $now->{$_} } > @{ $was->{$_} } } keys %$was;
    push @bad, map {"$states{$_} are $_"}
        grep { !/^(confirmed|unknown|pending)$/ } keys %states;
    my $done = ($states{confirmed} // 0) == @{ $place->{items} };
    push @bad, "the next run: exit $code: $err"
        if $done ? $code != 0 : $code !~ /^[456]$/;
    return @bad;
}

# The same once more: every item has its row.
sub bad_settled {
    my ($place) = @_;
    my @bad = bad_after_run($place);
    my $rows = journal($place->{path});
    push @bad, map {"lost: $_"} grep { !$rows->{$_} } @{ $place->{items} };
    return @bad;
}

my ($mock, $uses);

# A mock that is used for 40 cases: its ledger stays small.
sub worker_mock {
    my (@options) = @_;
    if ($mock && $uses++ >= 40) {
        stop_mock($mock) or die "the mock does not end well\n";
        undef $mock;
    }
    $uses = 0 if !$mock;
    $mock //= start_mock('--items', '1-99999999', @options);
    return $mock;
}

sub work {
    my ($out, $cases, $one) = @_;
    for my $case (@$cases) {
        my $answer = eval { $one->($case) }
            // { title => $case->{title}, bad => ["died: $@"] };
        print {$out} encode_json($answer), "\n";
    }
    stop_mock($mock) if $mock;
    close $out;
}

# $one->($case) for each, by two processes; the answers, in no order.
sub in_parallel {
    my ($one, @cases) = @_;
    my @pipes;
    for my $part (0, 1) {
        my @mine = @cases[grep { $_ % 2 == $part } 0 .. $#cases];
        my $pid = open my $pipe, '-|';
        die "fork: $!\n" if !defined $pid;
        if (!$pid) {
            work(\*STDOUT, \@mine, $one);
            POSIX::_exit(0);
        }
        push @pipes, $pipe;
    }
    my @answers;
    for my $pipe (@pipes) {
        push @answers, map { decode_json($_) } <$pipe>;
        close $pipe;
    }
    die scalar @answers . ' of ' . @cases . " cases answered\n"
        if @answers != @cases;
    return @answers;
}

1;
