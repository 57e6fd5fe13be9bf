#!/usr/bin/perl
# doctor_words.t: each thing that doctor finds has its sentence in
# scripts/cmd/doctor.lua, and no sentence is there for nothing.
use strict;
use warnings;
use FindBin;
use Test::More;

my $root = "$FindBin::Bin/../..";

sub slurp {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!\n";
    local $/;
    return <$file>;
}

# The arguments of a call, split at its own commas.
sub arguments {
    my ($text) = @_;
    my ($depth, $quoted, @found) = (0, 0, '');
    for my $c (split //, $text) {
        $quoted = !$quoted if $c eq '"';
        $depth++ if !$quoted && $c =~ /[({]/;
        $depth-- if !$quoted && $c =~ /[)}]/;
        last if $depth < 0;
        if ($c eq ',' && !$depth && !$quoted) { push @found, '' }
        else                                  { $found[-1] .= $c }
    }
    return @found;
}

# What the calls in C name: literals where the sentence's name stands; of one
# that is handed on, those that the caller has there.
sub named {
    my ($code) = @_;
    my %at = (ok => 2, look => 2, bad => 3);
    my %found;
    while ($code =~ /\bdoctor_(ok|look|bad)\(/g) {
        my @given = arguments(substr $code, pos $code);
        $found{$_} = 1 for ($given[ $at{$1} ] // '') =~ /"(\w+)"/g;
    }
    return \%found;
}

sub sentences {
    my ($lua) = @_;
    my ($table) = $lua =~ /^local SENTENCES = \{\n(.*?)^\}/ms;
    return { map { $_ => 1 } ($table // '') =~ /^  (\w+) =\s/mg };
}

sub differences {
    my ($code, $lua) = @_;
    my ($named, $has) = (named($code), sentences($lua));
    my @none = map {"no sentence: $_"} grep { !$has->{$_} } sort keys %$named;
    my @idle = map {"for nothing: $_"}
        grep { $code !~ /"$_"/ } sort keys %$has;
    return join "\n", @none, @idle;
}

my $code = join '', map { slurp($_) } glob("$root/host/doctor/*.c"),
    "$root/host/cmd/doctor.c";
my $lua = slurp("$root/scripts/cmd/doctor.lua");
cmp_ok(scalar keys %{ sentences($lua) }, '>', 30, 'the sentences are found');
cmp_ok(scalar keys %{ named($code) }, '>', 25, 'and what names them');
is(differences($code, $lua), '', 'they are the same');
like(differences($code . 'doctor_look(d, "x", "odd_one", NULL);', $lua),
    qr/^no sentence: odd_one$/, 'one without a sentence is found');
like(differences($code . 'doctor_bad(d, 1, f(a, b), c ? "p_q" : "r_s", NULL)',
    $lua), qr/p_q\n.*r_s/, 'also where it is one of two');
like(differences($code, $lua =~ s/^  (error = )/  idle_one = "x",\n  $1/mr),
    qr/^for nothing: idle_one$/, 'and a sentence for nothing');

done_testing();
