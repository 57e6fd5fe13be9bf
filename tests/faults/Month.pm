# Month.pm: the world around a customer's cron job: a clock that moves on by
# five minutes a run, an ERP that drops files, a host that has bad days, a
# person who looks after what is unknown.
package Month;

use strict;
use warnings;

use Exporter 'import';
use JSON::PP;
use Rig;
use Time::HiRes 'time';

our @EXPORT = qw(
    chance pick set_clock clock at_clock erp_drop erp_work
    erp_waits erp_items visit settled
);

use constant TICK => 300; # seconds

# --- chance, from the seed that the test has taken

# True $n times of a thousand.
sub chance { return below(1000) < $_[0] }
sub pick { return $_[below(scalar @_)] }

# --- the clock: tick 0 lies so far back that the last tick is now

my ($ticks, $began, $tick, $shift);

sub set_clock {
    ($ticks, $began) = ($_[0], time);
    $tick = 0;
}

# What time it is at a tick, for the runs.
sub clock { return $began - ($ticks - $_[0]) * TICK }

# Runs $do->() with the clock of this tick in the programs it starts. Within
# one it runs on, and never back.
sub at_clock {
    my ($do, $at) = @_;
    $shift = int(clock($at) - time) if !defined $shift || $at != $tick;
    $tick = $at;
    local $ENV{LD_PRELOAD} = join ' ',
        map {"$ENV{BUILD}/faults/$_.so"} qw(clock usage);
    local $ENV{CLOCK_SHIFT} = $shift;
    return $do->();
}

# --- the ERP: what it drops, and drops again when it has mended it

my $next_item = 100001;
my %items; # what was dropped: item => its codes
my %stock; # item => what its line says, always
my %waits; # file => when it is mended

# Every item whose release the ERP ever asked for: { item => [codes] }
sub erp_items { return \%items }
sub erp_waits { return scalar keys %waits }

sub new_line {
    my ($ank) = @_;
    my $item = $next_item++;
    my $kind = below(1000);
    my %line = (item => $item, doc => "SO-$item", line => 10,
        stock => chance(100) ? 'consignment' : 'own');
    return { %line, item => '' } if $kind < 10;             # skipped
    return { %line, item => 10_000_000 + $item } if $kind < 15; # no such item
    $line{later} = 1 if $kind >= 20 && $kind < 40;
    $line{ruined} = 1 if $kind >= 40 && $kind < 45;
    $line{stock} = 'ANK' if $ank && chance(300);
    $stock{$item} = $line{stock};
    return \%line;
}

# A line of another day once more, now and then with another code.
sub old_line {
    my @known = sort { $a <=> $b } keys %stock;
    my $item = pick(@known > 500 ? @known[-500 .. -1] : @known);
    return { item => $item, stock => $stock{$item}, line => 10,
        doc => chance(100) ? "SO-$item-B" : "SO-$item" };
}

sub text {
    my ($line, $is_mended) = @_;
    my $doc = $line->{later} && !$is_mended ? '' : $line->{doc};
    $doc = '1,23E+11' if $line->{ruined} && !$is_mended;
    my $code = "$line->{doc}/$line->{line}";
    if ($line->{item} ne '') {
        my $codes = $items{ $line->{item} } //= [];
        push @$codes, $code if !grep { $_ eq $code } @$codes;
    }
    return "$line->{item};$doc;$line->{line};$line->{stock}\n";
}

# Under another name first, and as old as the clock of the runs wants it.
sub drop {
    my ($path, $lines, $is_mended) = @_;
    spill("$path.part", join '', "item;erp_doc;erp_line;stock\n",
        map { text($_, $is_mended) } @$lines);
    my $when = int clock($tick) - 120;
    utime $when, $when, "$path.part";
    rename "$path.part", $path or die "$path: $!\n";
}

sub erp_drop {
    my ($inbox, $ank) = @_;
    my @lines = map { $next_item > 100050 && chance(30) ? old_line()
            : new_line($ank) } 0 .. below(5);
    my $path = sprintf '%s/%06d.csv', $inbox, $tick;
    drop($path, \@lines, 0);
    $waits{$path} = { lines => \@lines, at => $tick + 2 + below(20) }
        if grep { $_->{later} || $_->{ruined} } @lines;
}

# Mends what is due; all of it when $all.
sub erp_work {
    my ($all) = @_;
    for my $path (sort keys %waits) {
        next if !$all && $waits{$path}{at} > $tick;
        drop($path, $waits{$path}{lines}, 1) if -e $path;
        delete $waits{$path};
    }
}

# --- the person, who looks into the host's panel and says what is there

my %settled; # how many: done, not done, conflicts

sub settled { return \%settled }

sub say_so {
    my ($acme, $word, @items) = @_;
    return if !@items;
    my $path = folder() . '/settle';
    spill($path, join '', map {"$_\n"} @items);
    my ($code, $out, $err) = omnitron('journal', 'settle', '--profile',
        "$acme/profile.lua", '--from', $path, "--$word", '--note', 'looked');
    die "settle $word: exit $code: $err\n" if $code != 0;
    $settled{$word} += @items;
}

sub listed {
    my ($acme, @options) = @_;
    my ($code, $out, $err) = omnitron('journal', 'list', '--json', @options,
        $acme);
    die "journal list: exit $code: $err\n" if $code != 0;
    return map { JSON::PP->new->utf8->decode($_) } split /\n/, $out;
}

# $done->($row) is whether the host has applied it.
sub visit {
    my ($acme, $done, @conflicts) = @_;
    my (@done, @not);
    for my $state (qw(unknown sending)) {
        push @{ $done->($_) ? \@done : \@not }, $_->{order_item_id}
            for listed($acme, '--state', $state);
    }
    say_so($acme, 'done', @done);
    say_so($acme, 'not-done', @not);
    my %seen = map { $_ => 1 } @done, @not;
    say_so($acme, 'done', grep { !$seen{$_}++ } @conflicts);
}

1;
