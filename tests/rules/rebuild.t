#!/usr/bin/perl
# rebuild.t: a header that was changed has made anew what was compiled with it,
# the programs of the tests as well as the objects of omnitron: an old one would
# read a struct at its old places.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use Test::More;

my $root = abs_path(dirname(__FILE__) . '/../..');
chdir $root or die "$root: $!";
my $build = $ENV{BUILD} =~ s{^\Q$root\E/}{}r;
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};

sub text_of {
    my ($path) = @_;
    local $/;
    open my $file, '<', $path or die "$path: $!";
    return scalar <$file>;
}

# What is made of a source.
sub product {
    my ($source) = @_;
    return "$build/" . ($1 // '') . $2
        if $source =~ m{^tests/(unit/|memory/)(\w+_test)\.c$};
    return "$build/" . $source =~ s/\.c$/.o/r;
}

# What make would do, were the header new; without one, what it would now.
sub made_anew {
    my ($header) = @_;
    my $new = $header ? "-W '$header'" : '';
    my $said = `make -n $new BUILD='$build' all programs 2>&1`;
    return map { $_ => 1 } $said =~ /-o (\S+)/g;
}

my @sources = (sort glob('host/*/*.c'),
    sort glob('tests/unit/*.c tests/memory/*.c tests/simulation/*.c'));
my %texts = map { $_ => text_of($_) } @sources;
my @headers = (glob('tests/unit/*.h tests/memory/*.h tests/simulation/*.h'),
    'host/base/buf.h', 'host/lua/embedded.h');

my %waiting = made_anew();
plan skip_all => 'what is built is not up to date' if %waiting;
cmp_ok(scalar @headers, '>', 5, 'the headers are found');
for my $header (@headers) {
    my $name = $header =~ s{^host/}{}r;
    $name = basename($header) if $name eq $header;
    my @users = grep { $texts{$_} =~ /^#include "(?:simulation\/)?\Q$name\E"/m }
        @sources;
    my %made = made_anew($header);
    is(join("\n", grep { !$made{$_} } map { product($_) } @users), '',
        "$header: all that include it");
}
my %made = made_anew('host/lua/embedded.h');
ok($made{"$build/embedded_files.o"}, 'and the files in the binary');
done_testing;
