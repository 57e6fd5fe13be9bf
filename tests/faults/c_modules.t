#!/usr/bin/perl
# C modules go through none of the doors that a plan and a mock shut: a plan
# says so in place of that nothing was written, check and --mock say it too,
# and doctor looks whether those of the profile load.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

# Modules come from the system's folders alone: over one of these, in a mount
# namespace of the test's own, lies a folder with ours.
my $own = folder() . '/own';
mkdir $own or die;
for my $name (qw(good other)) {
    spill("$own/$name.c", qq(#include <stdio.h>
int luaopen_$name(void *L) { (void)L; fputs("$name wrote\\n", stderr); return 0; }
));
    system('cc', '-shared', '-fPIC', '-o', "$own/$name.so", "$own/$name.c") == 0
        or plan skip_all => 'no compiler';
}
rename "$own/other.so", "$own/wrong.so" or die;

my ($place) = grep { -d } map { "$_/lua/5.4" }
    glob('/usr/lib/*-linux-gnu'), '/usr/local/lib', '/usr/lib';
my @with = ('unshare', '-m', 'sh', '-c',
    'mount --bind "$1" "$2" && shift 2 && exec "$@"', 'sh', $own, $place // '');
plan skip_all => 'no place for a module, or no mount of our own'
    if !$place || system("@with[0 .. 3] '$with[4]' sh $own $place true "
        . '2>/dev/null') != 0;

my $acme = customer('acme', undef, 'url = "https://acme.example"',
    'modules = { "good", "wrong", "gone" }');
spill("$acme/lines.csv", "item\n46761\n");
spill("$acme/with_$_.lua", qq(require "$_"\nreturn function() return nil, "no" end\n))
    for qw(good wrong gone);
spill("$acme/with_none.lua", qq(return function() return nil, "no" end\n));

sub with_modules {
    my ($command, $name, @more) = @_;
    return finish(spawn($name, @with, $ENV{OMNITRON}, split(/ /, $command),
        "$acme/with_$name.lua", @more));
}

my $csv = "$acme/lines.csv";
my ($code, $out, $err) = with_modules('plan', 'good', $csv);
like($out =~ s/\s+/ /gr, qr/\Q. Of what Lua does nothing was sent, written or \E
    \Qmoved. good is a C module: what it did is not known here. \E\z/x,
    'plan: what it cannot know') or diag($err);
like($err, qr/good wrote/, 'and the module did what it does');
($code, $out, $err) = with_modules('plan --json', 'good', $csv);
like($err, qr/not held back by a plan, since it is C: good/, 'plan --json');
($code, $out, $err) = with_modules('plan', 'none', $csv);
like($out, qr/^Nothing was sent, written or moved\.$/m,
    'plan: one that is not loaded does nothing');

($code, $out, $err) = with_modules('run --mock', 'good', $csv);
like($err, qr/good is a C module: what it does is done, also here/, '--mock');

($code, $out) = with_modules('check', 'good');
like($out, qr/^good is a C module: .* a plan cannot hold it back$/m, 'check');
is($code, 0, 'which is no fault');
($code, $out) = with_modules('check', 'none');
is($out, '', 'check: one that no script requires');

for (['gone', qr/no C module gone, which the profile names: it is not\s+installed as any of\s/],
    ['wrong', qr/the C module wrong cannot be loaded:\s.*luaopen_wrong/s]) {
    my ($name, $says) = @$_;
    ($code, $out, $err) = with_modules('run --mock', $name, $csv);
    is($code, 1, "$name: exit 1");
    like($err, $says, 'one line says why');
}

($code, $out, $err) = finish(spawn('doctor', @with, $ENV{OMNITRON}, 'doctor',
    $acme));
like($out, qr/^ok    modules +good: loaded\. /m, 'doctor: what loads');
like($out, qr/^bad   modules +no C module gone, /m, 'what is missing');
like($out, qr/^bad   modules +the C module wrong cannot be loaded:\s/m,
    'what is none');
done_testing();
