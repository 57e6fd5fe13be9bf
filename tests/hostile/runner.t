#!/usr/bin/perl
# What the other tests of this folder rest on: a case that does what must not
# be is found, and nothing that a case began outlives it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../faults";
use Case 'read_case';
use Rig;
use Test::More;
use Trial 'try_case';

alarm 300;

my ($code) = omnitron('journal', 'new', folder());
is($code, 0, 'an empty journal');
my $journal = folder() . '/journal.db';
# What no script can do by itself: a copy of the token, beside its folder.
my $copy = "-- tries: x\n-- setup: cp token ../copy\n";
my $read = 'local f = io.open("../copy") local t = f:read("a") f:close() ';

# name => [file, what the runner says of it]
my %bad = (
    exit => ["-- tries: x\n-- exit: 0\nerror('no')", qr/exit 1, not 0/],
    says => ["-- tries: x\n-- says: moon\nprint('sun')", qr/does not say/],
    never => ["-- tries: x\n-- never: sun\nprint('sun')", qr/it says .*sun/],
    sent => ["-- tries: x\n-- sent: 1\n", qr/0 were sent, not 1/],
    setup => ["-- tries: x\n-- setup: false\n", qr/setup: "false": exit 1/],
    after => ["-- tries: x\n-- after: test -e x\n", qr/after: .*: exit 1/],
    endless => ["-- tries: x\n-- bound: 1\nsleep(100)", qr/not ended after 1/],
    url => ["$copy$read http.get(arg[1] .. '/' .. t:sub(1, 40))",
        qr/went to \$EVIL: .*raw/],
    header => ["$copy$read for c in t:gmatch('%w') do\n"
        . "http.get(arg[1], { headers = { ['x-c'] = c } }) end",
        qr/went to \$EVIL/],
    printed => ["$copy$read print(t:reverse())", qr/in run.out/],
    error => ["$copy$read io.stderr:write((t:gsub('.', '%0 ')))",
        qr/in run.err/],
    written => ["$copy$read io.open('x', 'w'):write((t:gsub('.',\n"
        . "function(c) return ('%02x'):format(c:byte()) end)))", qr/in acme.x/],
    remembered => ["$copy$read omnitron.remember('t', t:sub(2, 50))",
        qr/in acme.journal\.db/],
);

my $n = 0;
sub wrong_with {
    my ($text, $kind) = @_;
    my $path = folder() . '/case' . ++$n . ".$kind";
    spill($path, $text);
    my ($wrong) = try_case(read_case($path), folder() . "/trial$n",
        $FindBin::Bin, $journal);
    return join "\n", @$wrong;
}

is(wrong_with("-- tries: x\n-- exit: 0\n-- sent: 1\n"
    . "omnitron.release{ order_item_id = 1, code = 'A' }\n"
    . "http.get(arg[1] .. '/fine')", 'lua'), '', 'nothing is wrong with this');
like(wrong_with($bad{$_}[0], 'lua'), $bad{$_}[1], "found: $_")
    for sort keys %bad;

my $post = 'curl -s -XPOST -H "Authorization: Token $(cat token)" '
    . '-H "Content-Type: application/json" -d '
    . '"{\"code\":\"A\",\"update_stock\":true}" ';
my $path = '/api/i1/order_items/1/create_mapping/';
like(wrong_with("# tries: x\n$post \$MOCK$path\n$post \$MOCK$path\n", 'sh'),
    qr/item 1 went 2 times/, 'found: twice');
like(wrong_with("# tries: x\necho 'x.c:1:2: runtime error: bad' >&2", 'sh'),
    qr/a sanitizer speaks/, 'found: a word of a sanitizer');
my $reply = "HTTP/1.1 201 Created\n\n{\"pk\":1,\"content_type\":66,"
    . '"object_id":$ITEM,"integration_type":"x","code":"$CODE"}';
like(wrong_with("# tries: x\n# for: ^POST /api/\n\n$reply", 'host'),
    qr/the release is confirmed/, 'found: a release that is confirmed');
is(wrong_with("# tries: x\n# for: ^POST /api/\n# released: confirmed\n\n"
    . $reply, 'host'), '', 'its token went to its host alone');
ok(!eval { read_case("$FindBin::Bin/lib/standard.lua") }, 'a case says what');

# What it began is gone with it.
sub sleepers {
    my ($mark) = @_;
    return grep { (slurp("$_/cmdline") // '') =~ /sleep.\Q$mark/ }
        glob '/proc/[0-9]*';
}

my $mark = '98765.' . $$;
wrong_with("# tries: x\n(sleep $mark & )\nsleep $mark &\n", 'sh');
ok(wait_until(sub { !sleepers($mark) }), 'a child does not outlive its case');

my $runner = fork // die "fork: $!\n";
if (!$runner) {
    setpgrp 0, 0;
    wrong_with("# tries: x\n(sleep $mark &)\nsleep $mark\n", 'sh');
    POSIX::_exit(0);
}
ok(wait_until(sub { sleepers($mark) >= 2 }), 'a case is under way');
kill 'KILL', $runner;
waitpid $runner, 0;
ok(wait_until(sub { !sleepers($mark) }), 'nor a runner that is killed');

done_testing;
