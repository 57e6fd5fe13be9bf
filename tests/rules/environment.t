#!/usr/bin/perl
# environment.t: what the built-in Lua looks up by name. Its globals are copies
# that no script reaches (host/session/builtins.c), so there must be no
# other; a table that a script has, too, is not asked for a function when it is
# to be called. Each check is also given a chunk that it has to find.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

plan skip_all => 'no luac5.4 here' if system('luac5.4 -v >/dev/null 2>&1');

my $root = dirname(__FILE__) . '/../..';
my $folder = tempdir(CLEANUP => 1);

# What the copies are made of. `package` is Lua's own table, read while no
# script has run yet.
my %there = map { $_ => 1 } qw(_G assert error getmetatable ipairs load next
    package pairs pcall rawequal rawget rawlen select setmetatable tonumber
    tostring type xpcall coroutine io math os string table utf8);

# Tables that a script sees as well, as the built-in chunks call them.
my $shared = qr/(?:native\.)?(?:omnitron|json|csv|log|fs|time)/;

sub globals_of {
    my ($path) = @_;
    my (%read, %set);
    for (`luac5.4 -p -l '$path' 2>&1`) {
        next unless /\b(GET|SET)TABUP\b.*_ENV "(\w+)"/;
        ($1 eq 'GET' ? \%read : \%set)->{$2}++;
    }
    return (\%read, \%set);
}

# Calls of a field of such a table inside a function: at the chunk's own level
# (no indent) nothing of a script has run.
sub late_calls {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!";
    return map { /^\s+(?!--).*?(?<![\w.:"'])($shared\.\w+) ?(?:\(|,)/ ? $1 : () }
        <$file>;
}

sub wrong_in {
    my ($path) = @_;
    my ($read, $set) = globals_of($path);
    return ((map { "reads $_" } sort grep { !$there{$_} } keys %$read),
        (map { "sets $_" } sort keys %$set),
        (map { "calls $_" } late_calls($path)));
}

my @chunks = ("$root/scripts/prelude.lua", sort glob "$root/scripts/lib/*.lua");
cmp_ok(scalar @chunks, '>', 15, 'the chunks are read');
for my $path (@chunks) {
    my $name = substr $path, 1 + length $root;
    is(join('; ', wrong_in($path)), '', "$name looks up what is its own");
}

my ($read) = globals_of("$root/scripts/prelude.lua");
ok($read->{pcall} || $read->{error}, 'globals are found');

for my $case (['return function() return omnitron end', 'reads omnitron'],
    ['function helper() end', 'sets helper'],
    ["local native = ...\nlocal function f()\n  native.log.warn('x')\nend",
        'calls native.log.warn'],
    ["local json = ...\nlocal function f()\n  return pcall(json.encode, 1)\nend",
        'calls json.encode']) {
    my ($text, $want) = @$case;
    open my $file, '>', "$folder/chunk.lua" or die $!;
    print $file $text, "\n";
    close $file or die $!;
    is(join('; ', wrong_in("$folder/chunk.lua")), $want, "$want is found");
}
done_testing;
