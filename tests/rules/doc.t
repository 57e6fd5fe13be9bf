#!/usr/bin/perl
# doc.t: host/doc is the contract, so what it lists is what the code has, and
# the other way round: folders, exit codes, states, commands, profile keys,
# functions, keys of the summary; and each file that it names is there. The
# same check is then given documents that are wrong, and has to find each.
use strict;
use warnings;
use File::Basename qw(dirname basename);
use Test::More;

my $root = dirname(__FILE__) . '/../..';

sub text_of {
    my ($path) = @_;
    open my $file, '<:raw', "$root/$path" or die "$root/$path: $!\n";
    local $/;
    return scalar <$file>;
}

my %docs = map { basename($_, '.md') => text_of("host/doc/" . basename($_)) }
    glob "$root/host/doc/*.md";

# The rows of the table below a heading: the first column's words in `…`, or
# bare.
sub first_column {
    my ($text, $heading) = @_;
    my ($part) = $text =~ /^## \Q$heading\E\n(.*?)(?=^## |\z)/ms or return;
    my @cells = $part =~ /^\| +([^|]*?) +\|/mg;
    return map { /`/ ? /`([^`]+)`/g : /^\d/ ? split /, / : () } @cells;
}

sub differ {
    my ($what, $doc, $code) = @_;
    my %doc = map { $_ => 1 } @$doc;
    my %code = map { $_ => 1 } @$code;
    my @wrong = map {"$what: $_ is in the code alone"}
        grep { !$doc{$_} } sort keys %code;
    push @wrong, map {"$what: $_ is in the document alone"}
        grep { !$code{$_} } sort keys %doc;
    push @wrong, "$what: none is found" if !@$doc || !@$code;
    return @wrong;
}

# What the code has.
my @folders = map { 'host/' . basename($_) } grep {-d} glob "$root/host/*";
my @codes = text_of('host/base/exit_code.h') =~ /\bEXIT_\w+ = (\d+)/g;
my ($states) = text_of('host/journal/schema.c')
    =~ /state TEXT NOT NULL(.*?)attempts INTEGER/s;
my @states = ($states // '') =~ /'([a-z]+)'/g;
my @keys = text_of('host/profile/profile_key.c') =~ /\{"([a-z_]+)", read_/g;
my @summary = text_of('host/ending/summary.c')
    =~ /(?:put_member_\w+\(\s*out, |put_name\(out, |^\s+\{)"([a-z_]+)"/mg;
my $help = `$ENV{OMNITRON} help`;
my ($list) = $help =~ /\n\n(.*?)\n\n/s;
my @commands = $list =~ /^  (\w+) /mg;
my $types = text_of('scripts/types/omnitron.lua');
my @functions = $types =~ /^function ((?:\w+[.])?\w+)\(/mg;

# By its name, or as one of those that stand behind the first of its module:
# "json.decode json.encode", "http.get(url) post put", "log.debug info".
sub is_told {
    my ($text, $function) = @_;
    my ($module, $name) = $function =~ /^(\w+)[.](\w+)$/
        or return $text =~ /\b\Q$function\E\(/;
    return $text =~ /^ {4}(?:.*\W)?\Q$module\E[.].*\b\Q$name\E\b/m
        || $text =~ /\b\Q$module.$name\E\b/;
}

sub wrong_lists {
    my ($d) = @_;
    my @wrong = differ('folder',
        [grep {m{^host/\w+$}} first_column($d->{house}, 'Folders')],
        \@folders);
    push @wrong, differ('exit code',
        [first_column($d->{promise}, 'Exit codes')], \@codes);
    push @wrong, differ('state',
        [first_column($d->{promise}, 'States of one release')], \@states);
    push @wrong, differ('profile key',
        [grep { $_ ne '$CREDENTIALS_DIRECTORY/omnitron-token' }
            first_column($d->{commands}, 'The profile')], \@keys);
    my ($sums) = $d->{promise} =~ /`--summary` keys: (.*)\n/;
    push @wrong, differ('key of the summary',
        [map { split ' ' } ($sums // '') =~ /`([a-z_ ]+)`/g], \@summary);
    push @wrong, map {"command: $_ is in no document"}
        grep { $d->{commands} !~ /^ {4}omnitron (?:.*  )?\Q$_\E\b/m } @commands;
    push @wrong, map {"function: $_ is in no document"}
        grep { !is_told($d->{script}, $_) } @functions;
    return @wrong;
}

# "tests/faults/kill.t", "host/net/transfer.h", "host/journal/lock.c".
sub missing_files {
    my ($d) = @_;
    my @wrong;
    for my $name (sort keys %$d) {
        for my $path ($d->{$name} =~ m{\b((?:host|tests|scripts)/[\w/]+\.\w+)}g)
        {
            push @wrong, "$name.md: there is no $path"
                if !-e "$root/$path" && $path !~ /NAME/;
        }
    }
    return @wrong;
}

is_deeply([sort keys %docs], [qw(api commands house promise script style)],
    'what there is');
is(join("\n", wrong_lists(\%docs)), '', 'the lists are those of the code');
is(join("\n", missing_files(\%docs)), '', 'each file that is named is there');

# What the check must find, each in documents that are right otherwise.
my @bad = (
    [house => 'host/csv` |', 'host/cvs` |', 'folder'],
    [promise => '| 11 |', '| 12 |', 'exit code'],
    [promise => '| `cancelled` |', '| `dropped` |', 'state'],
    [commands => '| `tries`, ', '| `attempts`, ', 'profile key'],
    [promise => 'pending attempts repeated', 'pending repeated', 'summary'],
    [commands => 'omnitron doctor', 'omnitron medic', undef],
    [script => 'csv.table', 'csv.tablet', undef],
    [promise => 'tests/faults/kill.t', 'tests/faults/killed.t', 'killed'],
);
for my $case (@bad) {
    my ($name, $right, $wrong, $found) = @$case;
    my %changed = %docs;
    my $n = $changed{$name} =~ s/\Q$right\E/$wrong/g;
    my @wrong = (wrong_lists(\%changed), missing_files(\%changed));
    ok($n && (defined $found ? grep {/\Q$found\E/} @wrong : @wrong),
        "$name.md with $wrong is found") or diag(join "\n", @wrong);
}
done_testing;
