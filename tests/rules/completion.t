#!/usr/bin/perl
# completion.t: what Tab gives, asked of a bash that read the script which
# `omnitron help --bash` prints. What there is to choose from is compared with
# `omnitron help --json`.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use Test::More;

my $omnitron = abs_path($ENV{OMNITRON});
my $tables = decode_json(scalar `$omnitron help --json`);
my %commands = map { $_->{name} => $_ } @{ $tables->{commands} };
my $folder = tempdir(CLEANUP => 1);
my $script = "$folder/completion";
system("$omnitron help --bash >$script") == 0 or die;
mkdir "$folder/work";
chdir "$folder/work" or die $!;
mkdir 'acme';
for my $name ('rules.lua', 'lines.csv', 'two words.csv') {
    open my $file, '>', $name or die $!;
}

# The completions of a command line, whose last word is the one to complete.
sub tab {
    my ($line) = @_;
    my @words = map { s/'/'\\''/gr } split / /, $line, -1;
    # As bash breaks words at =.
    @words = map { /^(--[\w-]+)(=)(.*)/ ? ($1, $2, length $3 ? $3 : ()) : $_ }
        @words;
    my $list = join ' ', map { "'$_'" } @words;
    my $bash = ". $script; COMP_WORDS=($list); "
        . 'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); '
        . 'f=$(complete -p omnitron); f=${f#* -F }; ${f%% *}; '
        . 'printf "%s\n" "${COMPREPLY[@]}"';
    open my $out, '-|', 'bash', '--norc', '-u', '-c', $bash or die $!;
    my @got = sort grep { length } map { chomp; $_ } <$out>;
    return join ' ', @got;
}

sub sorted { return join ' ', sort @_ }

sub options_of {
    return map { ("--$_->{name}", $_->{letter} ? "-$_->{letter}" : ()) }
        @{ $_[0]{options} };
}

like(`bash --norc -c '. $script; complete -p omnitron'`,
    qr/^complete -F \w+ omnitron$/, 'bash knows it');
is(tab('omnitron '), sorted(keys %commands, 'acme', 'rules.lua'),
    'first: commands and scripts');
is(tab('omnitron do'), 'doctor', 'that begin so');
is(tab('omnitron --'), '--help --version', 'or what is no command');

for my $name (sort keys %commands) {
    is(tab("omnitron $name -"), sorted(options_of($commands{$name}), '--help'),
        "$name: its options");
    for my $word (@{ $commands{$name}{words} }) {
        my @has = map { "--$_" } @{ $word->{options} }, 'profile',
            'journal';
        is(tab("omnitron $name $word->{name} -"), sorted(@has),
            "$name $word->{name}: its options");
    }
    # What has a list of words gives these, and nothing else.
    for my $option (grep { ($_->{value} // '') =~ /^[a-z|]+$/ }
        @{ $commands{$name}{options} })
    {
        is(tab("omnitron $name --$option->{name} "),
            sorted(split /\|/, $option->{value}), "$name --$option->{name}");
    }
}

is(tab('omnitron journal '),
    sorted(map { $_->{name} } @{ $commands{journal}{words} }), 'words');
is(tab('omnitron journal list --state con'), 'confirmed', 'states');
is(tab('omnitron journal list --state='), tab('omnitron journal list --state '),
    'behind =, too');
is(tab('omnitron journal list --state=u'), 'unknown', 'and its beginning');
is(tab('omnitron init acme --from '), 'csv odoo orders', 'kinds of init');
is(tab('omnitron mock --outage 5'), '502-html 503', 'outages');
is(tab('omnitron mock --fault html,dri'), 'html,drip', 'the second fault');
is(tab('omnitron mock --repeat '), 'accept overwrite refuse same', 'repeats');
is(tab('omnitron run --only '), '', 'order items are not known');
is(tab('omnitron run --limit '), '', 'nor are numbers');
is(tab('omnitron run --mock '), 'acme rules.lua', 'run: a script');
is(tab('omnitron run --mock rules.lua '),
    'acme lines.csv rules.lua two words.csv', 'its files');
is(tab('omnitron run rules.lua -'), '', 'options of run end at the script');
is(tab('omnitron rules.lua li'), 'lines.csv', 'the short form');
is(tab('omnitron run --summary li'), 'lines.csv', 'a file of an option');
is(tab('omnitron doctor '), 'acme', 'doctor: a folder');
is(tab('omnitron mock --serve '), 'acme', 'a folder of an option');
is(tab('omnitron help jo'), 'journal', 'help: a command');
chdir '/';
done_testing;
