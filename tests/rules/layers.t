#!/usr/bin/perl
# layers.t: which folder of host/ may include which, and who may know the
# libraries. The same check is then given a tree with wrong arrows, each of
# which it has to find.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $host = dirname(__FILE__) . '/../../host';

# Each folder, and those it may include besides itself.
my %below = (
    base => [],
    csv => [qw(base)],
    json => [qw(base)],
    net => [qw(base json)],
    profile => [qw(base net)],
    terminal => [qw(base)],
    call => [qw(base json)],
    journal => [qw(base json)],
    history => [qw(base json journal)],
    mock => [qw(base json call)],
    delivery => [qw(base json profile journal net history)],
    task => [qw(base journal net delivery)],
    lua => [qw(base json profile journal delivery task)],
    cli => [qw(base json profile terminal delivery lua)],
    http => [qw(base net delivery task lua)],
    modules => [qw(base csv json journal delivery task lua)],
    ending => [qw(
        base json terminal journal net history delivery task lua cli)],
    inspect => [qw(base csv json profile terminal history delivery cli ending)],
    session => [qw(
        base json profile terminal journal net history delivery task lua cli
        modules ending)],
    cron => [qw(base cli ending session)],
    doctor => [qw(base terminal net history delivery cli ending session)],
    repl => [qw(base ending session)],
    cmd => [qw(
        base json terminal journal net history mock delivery lua cli modules
        ending inspect session cron doctor repl)],
    main => [qw(base profile journal net cli cmd)],
);

# A library's headers, and the files that may include them.
my @libraries = (
    [qr/^curl\//, qr/^net\//],
    [qr/^sqlite3/, qr/^(journal|history)\//],
    [qr/^microhttpd/, qr/^(mock|call)\//],
    [qr/^openssl\//, qr/^(base\/digest|net\/transfer_names)/],
    [qr/^histedit/, qr/^repl\/repl_edit/],
    [qr/^(lua5\.4\/)?(lua|luaconf|lauxlib|lualib|lua-cjson)\.h$/,
        qr/^((task|lua|cli|modules|http|session|repl|profile)\/|json\/json_lua)/],
);

sub layer_of {
    my ($path) = @_;
    return $path =~ m{^([^/]+)/} ? $1 : 'main';
}

sub wrong_own {
    my ($from, $name) = @_;
    my $own = layer_of($from);
    return "$from: host/$own is in no layer" unless $below{$own};
    my $to = $name =~ m{/} ? layer_of($name) : $own;
    return if $to eq $own || grep { $_ eq $to } @{ $below{$own} };
    return "$from: $own must not include \"$name\"";
}

sub wrong_library {
    my ($from, $name) = @_;
    for my $library (@libraries) {
        my ($headers, $users) = @$library;
        return "$from: <$name> does not belong here"
            if $name =~ $headers && $from !~ $users;
    }
    return;
}

sub sources {
    my ($tree) = @_;
    my @paths = sort glob("$tree/*.[ch] $tree/*/*.[ch]");
    return map { substr $_, 1 + length $tree } @paths;
}

sub wrong_arrows {
    my ($tree) = @_;
    my @wrong;
    for my $from (sources($tree)) {
        open my $file, '<', "$tree/$from" or die "$tree/$from: $!";
        while (my $line = <$file>) {
            push @wrong, wrong_own($from, $1)
                if $line =~ /^\s*#\s*include\s*"([^"]+)"/;
            push @wrong, wrong_library($from, $1)
                if $line =~ /^\s*#\s*include\s*[<"]([^>"]+)[>"]/;
        }
    }
    return @wrong;
}

# A folder is a subject, of at most 30 nouns; and a name means one thing, but
# for what is the same thing at another height: a command, or a script's module.
my @same = qw(file mock plan release repeat repl report check test csv json log
    version run journal);

sub nouns_of {
    my ($tree) = @_;
    my %nouns;
    m{^(\w+)/(\w+)\.[ch]$} and $nouns{$1}{$2} = 1 for sources($tree);
    return %nouns;
}

sub wrong_sizes {
    my ($tree, $most) = @_;
    my %nouns = nouns_of($tree);
    return map { "host/$_ has " . keys(%{ $nouns{$_} }) . ' nouns' }
        grep { keys %{ $nouns{$_} } > $most } sort keys %nouns;
}

sub wrong_names {
    my ($tree) = @_;
    my (%nouns, %folders) = nouns_of($tree);
    for my $folder (sort keys %nouns) {
        push @{ $folders{$_} }, $folder for keys %{ $nouns{$folder} };
    }
    delete @folders{@same};
    return map {"$_ is in @{ $folders{$_} }"}
        grep { @{ $folders{$_} } > 1 } sort keys %folders;
}

my @found = sources($host);
cmp_ok(scalar @found, '>', 50, 'the sources are read');
is(join("\n", wrong_arrows($host)), '', 'every include goes down');

is(join("\n", wrong_sizes($host, 30)), '', 'no folder has more than 30 nouns');
is(join("\n", wrong_names($host)), '', 'no name means two things');

# What the check must find, each alone in a tree of its own.
my @bad = (
    ['base/error.c', '"journal/journal.h"'],
    ['base/log.c', '"json/json.h"'],
    ['net/net.c', '"journal/journal.h"'],
    ['journal/op.c', '"net/net.h"'],
    ['journal/op.c', '"history/reader.h"'],
    ['mock/mock.c', '"delivery/delivery.h"'],
    ['delivery/wire.c', '"mock/mock.h"'],
    ['delivery/wire.c', '"task/task.h"'],
    ['task/task.c', '"lua/script.h"'],
    ['lua/type.c', '"modules/csv.h"'],
    ['http/http.c', '"modules/file.h"'],
    ['modules/csv.c', '"session/run.h"'],
    ['ending/summary.c', '"session/run.h"'],
    ['session/run.c', '"cmd/run.h"'],
    ['session/run.c', '"mock/mock.h"'],
    ['main.c', '"mock/mock.h"'],
    ['extra/new.c', '"base/error.h"'],
    ['delivery/wire.c', '<curl/curl.h>'],
    ['session/run.c', '<sqlite3.h>'],
    ['cmd/mock.c', '<microhttpd.h>'],
    ['base/error.c', '<lua.h>'],
    ['json/json.c', '<lua.h>'],
    ['cmd/run.c', '<lauxlib.h>'],
    ['net/net.c', '<lua5.4/lualib.h>'],
);
for my $case (@bad) {
    my ($path, $header) = @$case;
    my $tree = tempdir(CLEANUP => 1);
    make_path(dirname("$tree/$path"));
    open my $file, '>', "$tree/$path" or die "$tree/$path: $!";
    print $file "#include \"base/error.h\"\n#  include $header\n";
    close $file;
    ok(scalar wrong_arrows($tree), "$header in $path is found");
}

my $crowd = tempdir(CLEANUP => 1);
make_path("$crowd/base", "$crowd/net", "$crowd/cmd");
for my $path ('base/page.c', 'net/page.h', 'cmd/plan.c', 'net/plan.c') {
    open my $file, '>', "$crowd/$path" or die "$crowd/$path: $!";
}
is(join("\n", wrong_sizes($crowd, 1)), 'host/net has 2 nouns',
    'a folder that is too large is found');
is(join("\n", wrong_names($crowd)), 'page is in base net',
    'a name that means two things is found');
done_testing;
