#!/usr/bin/perl
# install.t: what `make install` puts where, that it works from there, and
# that `make uninstall` leaves nothing.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Find qw(find);
use File::Temp qw(tempdir);
use Test::More;

my $root = abs_path(dirname(__FILE__) . '/../..');
my $build = abs_path($ENV{BUILD});
my $folder = tempdir(CLEANUP => 1);

# As from a shell, also when make runs the tests.
delete @ENV{ grep { /^(MAKE|MFLAGS|DESTDIR|PREFIX)/ } keys %ENV };

# Its output; fails when make does.
sub make {
    my (@words) = @_;
    my $said = `make -C $root BUILD=$build DESTDIR=$folder @words 2>&1`;
    is($?, 0, "make @words") or diag($said);
    return;
}

sub is_empty {
    my ($folder) = @_;
    my @inside = glob "$folder/* $folder/.[!.]*";
    return !@inside;
}

# "644 bin/omnitron" below a folder; "dir NAME" when nothing is in it.
sub files {
    my ($in) = @_;
    my @files;
    my $look = sub {
        my $name = substr $_, length $in;
        push @files, sprintf '%o %s', (stat $_)[2] & 07777, $name if -f $_;
        push @files, "dir $name" if -d $_ && is_empty($_);
    };
    find({ no_chdir => 1, wanted => $look }, $in);
    return @files;
}

# Names what is in one list alone.
sub same {
    my ($got, $want, $name) = @_;
    my %count;
    $count{$_}++ for @$got;
    $count{$_}-- for @$want;
    is(join("\n", map { "$_: $count{$_}" } grep { $count{$_} }
        sort keys %count), '', $name);
    return;
}

sub text_of {
    my ($path) = @_;
    local $/;
    open my $file, '<', $path or die "$path: $!";
    return scalar <$file>;
}

my $examples = '/share/doc/omnitron/examples';
my @want = (
    '755 /bin/omnitron',
    '644 /share/man/man1/omnitron.1',
    '644 /share/omnitron/types/omnitron.lua',
    '644 /share/bash-completion/completions/omnitron',
    "dir $examples/csv-drop/inbox",
    "dir $examples/csv-drop/archive",
    (map { s{.*/}{644 /share/doc/omnitron/}r } glob "$root/host/doc/*.md"),
    map { s{.*?/examples/}{644 $examples/}r }
        grep { /\.(lua|json|csv|md)$/ }
        map { glob "$root/examples/$_" } qw(*/* */erp/*));

make('install');
same([files("$folder/usr/local")], \@want, 'below /usr/local, and no more');
make('install', 'PREFIX=/opt/omnitron');
same([files("$folder/opt/omnitron")], \@want, 'or below PREFIX');

my $usr = "$folder/opt/omnitron";
is(text_of("$usr/share/bash-completion/completions/omnitron"),
    scalar `$usr/bin/omnitron help --bash`, 'completion is of this program');
is(text_of("$usr/share/omnitron/types/omnitron.lua"),
    text_of("$root/scripts/types/omnitron.lua"), 'so are the types');

# As somebody who has nothing but what was installed.
my $try = 'omnitron init acme && omnitron test acme && '
    . 'omnitron run --mock acme/release.lua acme/sample.csv; echo "exit $?"';
my $said = `mkdir $folder/work && cd $folder/work &&
    env -i PATH=$usr/bin:/usr/bin:/bin sh -c '$try' 2>&1`;
like($said, qr/^Made acme.*^exit 0$/ms, 'it works from there')
    or diag($said);
like(`cd $usr$examples && $usr/bin/omnitron test * 2>&1`, qr/^1\.\.\d+$/m,
    'and so do the examples');

make('uninstall');
same([grep { !/^dir/ } files("$folder/usr/local")], [],
    'uninstall leaves no file');
same([files("$folder/opt/omnitron/bin")], ['755 /omnitron'],
    'but what is elsewhere');

# The package has the program's version.
my ($version) = text_of("$root/host/base/version.h") =~ /VERSION "(.*)"/;
like(text_of("$root/host/debian/changelog"), qr/^omnitron \(\Q$version\E\) /,
    'and so has the first line of its changelog');
done_testing;
