#!/usr/bin/perl
# deb.t: `make deb` makes a package that lintian likes, twice the same one, and
# what is in it works. Only under OMNITRON_SOAK=1: it compiles twice more.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

plan skip_all => 'only under OMNITRON_SOAK=1' unless $ENV{OMNITRON_SOAK};

my $root = abs_path(dirname(__FILE__) . '/../..');
my $folder = tempdir(CLEANUP => 1);
delete @ENV{ grep { /^(MAKE|MFLAGS|BUILD$)/ } keys %ENV };

# The package; fails when make, and so lintian, does.
sub package_in {
    my ($build) = @_;
    my $said = `make -C $root deb BUILD=$build 2>&1`;
    is($?, 0, 'make deb') or diag($said);
    unlike($said, qr/^[EW]: /m, 'lintian finds nothing');
    my @found = glob "$build/omnitron_*.deb";
    is(scalar @found, 1, 'one package');
    return $found[0];
}

my $one = package_in("$folder/one");
my $two = package_in("$folder/another/place");
is(system('cmp', $one, $two), 0, 'the same sources give the same package');

my $fields = `dpkg-deb -f $one`;
like($fields, qr/^Depends: .*\blibc6 .*\blibcurl4.*\blibsqlite3-0/m,
    'it depends on what it is linked with');
unlike($fields, qr/^Depends: .*lua/m, 'not on Lua');
like($fields, qr/^Built-Using: lua-cjson \(= \S+\), lua5\.4 \(= \S+\), luacheck \(= \S+\)$/m,
    'which is in it');

system('dpkg-deb', '-x', $one, "$folder/root") == 0 or die;
is(scalar `$folder/root/usr/bin/omnitron --version`,
    scalar `$ENV{OMNITRON} --version`, 'it is this version');
like(`zcat $folder/root/usr/share/man/man1/omnitron.1.gz | mandoc 2>&1`,
    qr/OMNITRON\(1\)/, 'its manual can be read');
done_testing;
