#!/usr/bin/perl
# version.t: omnitron --version names each library that the program needs,
# and the two that are linked into it, with the version that is there.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use Test::More;

my $root = abs_path(dirname(__FILE__) . '/../..');

# A shared library, as --version calls it; its pkg-config file, if that has
# the version that the library itself gives.
my %libraries = (
    curl => ['libcurl', 'libcurl'],
    sqlite3 => ['SQLite', 'sqlite3'],
    microhttpd => ['libmicrohttpd', 'libmicrohttpd'],
    crypto => ['OpenSSL', 'openssl'],
    ssl => ['OpenSSL', 'openssl'],
    z => ['zlib', 'zlib'],
    edit => ['libedit'],
);
my %linked_in = ('Lua' => 'lua5.4', 'lua-cjson' => undef);
my %of_libc = map { $_ => 1 } qw(c m dl pthread ld-linux-x86-64 gcc_s);

my ($first, @lines) = `$ENV{OMNITRON} --version`;
my ($version) = `cat $root/host/base/version.h` =~ /VERSION "(.*)"/
    or BAIL_OUT('no version.h');
my $commit = qx(cd $root && git rev-parse --short=10 HEAD 2>/dev/null);
chomp $commit;
$commit ||= 'unknown';
like($first, qr/^omnitron \Q$version\E \($commit\+?\)$/,
    'the first line is the program, and its commit');

my %said = map { /^([\w-]+) (\d+\.\d[\w.]*)(, \S.*)?$/ ? ($1 => $2) : () }
    @lines;
is(scalar keys %said, scalar @lines, 'each line is a name and a version');

my %want = %linked_in;
for (grep { !$of_libc{$_} } map { /\(NEEDED\).*\[(?:lib)?([\w-]+)\.so/ }
    `readelf -d $ENV{OMNITRON}`)
{
    my $library = $libraries{$_} or fail("nobody knows lib$_"), next;
    $want{ $library->[0] } = $library->[1];
}
is_deeply([sort keys %said], [sort keys %want], 'what is linked is named');
for my $name (sort grep { $want{$_} } keys %want) {
    chomp(my $there = `pkg-config --modversion $want{$name}`);
    is($said{$name}, $there, "$name is what is here");
}
like(join('', @lines), qr/^libcurl \S+, \S*SSL\S*\d/m, 'and so is TLS');
done_testing;
