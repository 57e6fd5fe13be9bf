#!/usr/bin/perl
# manual.t: host/omnitron.1 against the program, both ways: commands, their
# words and options, keys of a profile and their defaults, exit codes, the
# functions of scripts, the environment. What the page lacks, and what it has
# and the program has not, is named.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Test::More;

my $root = abs_path(dirname(__FILE__) . '/../..');
my $page = "$root/host/omnitron.1";
my $tables = decode_json(scalar `$ENV{OMNITRON} help --json`);

sub text_of {
    my ($path) = @_;
    local $/;
    open my $file, '<', $path or die "$path: $!";
    return scalar <$file>;
}

# The lines of each .Sh, and of each .Ss of COMMANDS as "COMMANDS NAME".
sub sections {
    my ($text) = @_;
    my ($head, $name, %sections) = ('', '');
    $text =~ s/\\\n/ /g;
    for (split /\n/, $text) {
        if (/^\.Sh (.*)/) {
            $head = $name = $1;
        } elsif (/^\.Ss (.*)/ && $head eq 'COMMANDS') {
            $name = "COMMANDS $1";
        } else {
            push @{ $sections{$name} }, $_;
        }
    }
    return \%sections;
}

# ".It Fl v , Fl -verbose" -> "--verbose -v"; with a value " VALUE" behind it.
sub item_option {
    my ($line) = @_;
    my ($letter, $name, $rest) =
        $line =~ /^\.It Fl (?:(\w) , Fl )?-([\w-]+)(.*)/ or return;
    return "--$name" . ($letter ? " -$letter" : '')
        . ($rest =~ /\b(Ar|Cm)\b/ ? ' VALUE' : '');
}

sub table_option {
    my ($row) = @_;
    return "--$row->{name}" . ($row->{letter} ? " -$row->{letter}" : '')
        . (defined $row->{value} ? ' VALUE' : '');
}

# All that a page says, as lines such as "run: --mock".
sub said {
    my ($sections) = @_;
    my @said;
    my @common = map { item_option($_) // () }
        @{ $sections->{'COMMANDS Log options'} };
    for my $section (grep { /^COMMANDS / && !/ Log options$/ } keys %$sections) {
        my ($command) = $section =~ / (.*)/;
        my @lines = @{ $sections->{$section} };
        push @said, "command $command";
        push @said, map { "$command $_" } map { item_option($_) // () } @lines;
        push @said, map { "$command $_" } @common
            if grep { /^\.Sx Log options/ } @lines;
        for (grep { /^\.It Cm \w+/ } @lines) {
            my ($word) = /^\.It Cm (\w+)/;
            push @said, "word $command $word";
            push @said, map { "$command $word --$_" } /Fl -([\w-]+)/g;
        }
    }
    for (map { /^\.It Va (.*)/ } @{ $sections->{PROFILE} }) {
        s/\\\(dq/"/g;
        s/ No = / = /;
        push @said, "key $_";
    }
    push @said, map { "exit code $_" }
        map { /^\.It (\d+)$/ } @{ $sections->{'EXIT STATUS'} };
    push @said, map { "function $_" }
        map { /^\.It Fn (.*)/ } @{ $sections->{SCRIPTS} };
    push @said, map { "variable $_" }
        map { /^\.It Ev (.*)/ } @{ $sections->{ENVIRONMENT} };
    return @said;
}

# All that there is, likewise.
sub there {
    my @there;
    for my $command (@{ $tables->{commands} }) {
        my $name = $command->{name};
        push @there, "command $name";
        push @there, map { "$name " . table_option($_) } @{ $command->{options} };
        for my $word (@{ $command->{words} }) {
            push @there, "word $name $word->{name}";
            push @there, map { "$name $word->{name} --$_" }
                @{ $word->{options} };
        }
    }
    push @there, map { "key $_->{key}"
        . (defined $_->{default} ? " = $_->{default}" : '') }
        @{ $tables->{profile} };
    push @there, map { "exit code $_->{code}" } @{ $tables->{exit_codes} };
    return (@there, functions(), variables());
}

# types.t sees to it that these are what a script has.
sub functions {
    my $types = text_of("$root/scripts/types/omnitron.lua");
    my %objects = ('Reply' => 'reply', 'CsvReader' => 'rows');
    my @functions = ('function test name fn');
    while ($types =~ /^function ([\w.:]+)\((.*)\) end$/mg) {
        my ($name, $list) = ($1, $2);
        $name =~ s/^(\w+):/$objects{$1} . ':'/e;
        push @functions, join ' ', "function $name",
            grep { $_ ne '...' } split /, /, $list;
    }
    return @functions;
}

# HOME, TERM and what is named by a script or a profile are no settings.
sub variables {
    my %names;
    for my $path (glob "$root/host/*/*.c") {
        my $text = text_of($path);
        $names{$1}++ while $text =~ /"(OMNITRON_[A-Z]+|[A-Z_]+_COLOR|[A-Z_]+_HOME
            |CREDENTIALS_DIRECTORY)"/xg;
    }
    return map { "variable $_" } keys %names;
}

# What is in the first list and not in the second.
sub without {
    my ($these, $those) = @_;
    my %has = map { $_ => 1 } @$those;
    return join "\n", sort grep { !$has{$_} } @$these;
}

# The program's own table of exit codes has all of them.
my @codes = text_of("$root/host/base/exit_code.h") =~ /\bEXIT_\w+ = (\d+)/g;
is(join(' ', map { $_->{code} } @{ $tables->{exit_codes} }),
    join(' ', sort { $a <=> $b } @codes), 'each exit code has a meaning');

my @said = said(sections(text_of($page)));
my @there = there();
cmp_ok(scalar @there, '>', 150, 'the program says what it has');
is(without(\@there, \@said), '', 'the manual names all there is');
is(without(\@said, \@there), '', 'and nothing else');

my %twice;
$twice{$_}++ for @said;
is(join("\n", grep { $twice{$_} > 1 } sort keys %twice), '', 'each once');

my $order = join ' ', map { /^\.Ss (.*)/ ? $1 : () }
    text_of($page) =~ /^\.Sh COMMANDS\n(.*?)^\.Sh /ms ? split /\n/, $1 : ();
like($order, qr/^run plan check .* help Log options$/, 'from run to help');

# What the reading must find.
my @found = said(sections(<<'PAGE'));
.Sh COMMANDS
.Ss sing
.It Fl -loud
.It Fl t , Fl -times Ar n
.It Cm song Op Fl -high
.Sx Log options .
.Ss Log options
.It Fl q , Fl -quiet
.Sh PROFILE
.It Va tries No = \(dq5\(dq
.Sh EXIT STATUS
.It 99
.Sh SCRIPTS
.It Fn sing.it song
.Sh ENVIRONMENT
.It Ev SINGER
PAGE
is(join('; ', sort @found), join('; ', 'command sing', 'exit code 99',
    'function sing.it song', 'key tries = "5"', 'sing --loud',
    'sing --quiet -q', 'sing --times -t VALUE', 'sing song --high',
    'variable SINGER', 'word sing song'), 'a page is read whole');

# Which other pages are installed here says nothing about this one.
my @lint = grep { !/referenced manual not found|outdated mandoc\.db/ }
    `mandoc -Tlint $page 2>&1`;
is(join('', @lint), '', 'mandoc has nothing to say');
like(`printf '.Dd x\n' | mandoc -Tlint 2>&1`, qr/WARNING/, 'but it could');
done_testing;
