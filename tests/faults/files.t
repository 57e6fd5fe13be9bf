#!/usr/bin/perl
# files.t: what a script opens is never the journal. A descriptor of it that is
# opened and closed takes SQLite's locks of the process along: then the next
# who looks at the journal takes the log away from under the run, and what it
# sends from there on is forgotten when it is killed. Each door is tried so,
# to its end: the run after it must send nothing twice. Then the doors of the
# mock's folders, and what the options of the command line write to.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;
use Time::HiRes 'sleep';

alarm 600; # what waits for a pipe fails

my $mock = start_mock('--items', '1-999999');
my $evil = start_mock();
my $job;
END { kill 'KILL', $job->{pid} if $job }

# In each, J is the journal and OTHER a name that leads to it.
my %doors = (
    'io.open' => 'local f = io.open(J) f:read("a") f:close()',
    'io.open to write' => 'io.open(J, "r+"):close()',
    'io.open to add' => 'io.open(J, "ab"):close()',
    'io.open of a link' => 'io.open(OTHER):close()',
    'io.open of the shm' => 'io.open(J .. "-shm", "r"):close()',
    'io.lines' => 'for _ in io.lines(J) do end',
    'io.lines of the shm' => 'for _ in io.lines(J .. "-shm") do end',
    'io.input' => 'io.input(J) io.close(io.input())',
    'io.output' => 'io.output(io.open(J, "a")) io.close()',
    'csv.rows' => 'for _ in csv.rows(J) do end',
    'csv.table' => 'csv.table(J, "a")',
    'loadfile' => 'loadfile(J)',
    'dofile' => 'dofile(OTHER)',
    'require' => 'require "asmodule"',
    'ca_file' => 'http.get(SAFE, { ca_file = J, tries = 1 })',
    'client_cert' => 'http.get(SAFE, { client_cert = J, tries = 1 })',
    'client_key' => 'http.get(SAFE, { client_cert = OTHER,'
        . ' client_key = J, tries = 1 })',
    'a descriptor' => 'for n = 3, 40 do'
        . ' local f = io.open("/proc/self/fd/" .. n) if f then f:close() end end',
    'another root' => 'io.open("/proc/self/root" .. J):close()',
);

# Two releases of one run, between which another process looks; then it is
# killed, and the next run releases the same.
my $script = <<'LUA';
local J, OTHER = here "journal.db", here "other.csv"
local SAFE = "https" .. arg[1]:sub(5) -- nobody there speaks it
local function release(item)
  return omnitron.release { order_item_id = item, code = "SO-" .. item,
    update_stock = true }
end
local first = tonumber(arg[2])
assert(release(first))
pcall(function() DOOR end)
collectgarbage()
io.open(here "opened", "w"):close()
for _ = 1, 1200 do
  local go = io.open(here "go")
  if go then break end
  sleep(0.05)
end
release(first + 1)
io.open(here "done", "w"):close()
sleep(100)
LUA

sub comes {
    my ($path) = @_;
    my $gone = 0;
    return wait_until(sub {
        $gone = waitpid($job->{pid}, 1) == $job->{pid};
        return -e $path || $gone;
    }) && !$gone;
}

sub twice {
    my $items = ledger($mock);
    return join ' ', grep { @{ $items->{$_} } > 1 } sort keys %$items;
}

sub try_door {
    my ($name, $code, $first) = @_;
    my $acme = customer("door$first", 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"');
    symlink 'journal.db', "$acme/other.csv";
    symlink 'journal.db', "$acme/asmodule.lua";
    spill("$acme/first.lua", $script =~ s/DOOR/$code/r);
    spill("$acme/next.lua", "for item = $first, $first + 1 do\n"
            . "assert(omnitron.release { order_item_id = item,\n"
            . "  code = 'SO-' .. item, update_stock = true })\nend\n");
    $job = spawn('first', $ENV{OMNITRON}, 'run', "$acme/first.lua",
        $evil->{url}, $first);
    ok(comes("$acme/opened"), "$name: it goes on");
    system "sqlite3 '$acme/journal.db' 'SELECT count(*) FROM release' >/dev/null";
    spill("$acme/go", '');
    ok(comes("$acme/done"), "$name: to its end");
    kill 'KILL', $job->{pid};
    finish($job);
    undef $job;
    my ($exit, undef, $err) = omnitron('run', "$acme/next.lua");
    is($exit, 0, "$name: the next run") or diag($err);
}

my $item = 1;
for my $name (sort keys %doors) {
    try_door($name, $doors{$name}, $item);
    $item += 2;
}
is(twice(), '', 'nothing was sent twice');

# --- what replaces, moves or removes it leaves it where it is

my $acme = customer('acme', 'mock', qq(url = "$mock->{url}"),
    'token_file = "token"');
mkdir "$acme/away";
spill("$acme/row.csv", "a\n1\n");
spill("$acme/moves.lua", <<'LUA');
local J = here "journal.db"
local function say(name, ...)
  print(name, select("#", ...), tostring((select(2, ...))))
end
say("remove", os.remove(J))
say("rename", os.rename(J, here "away/x"))
say("onto", os.rename(here "row.csv", J))
say("beside", os.rename(here "row.csv", J .. "-journal"))
say("folder", os.rename(here "", "/tmp/omnitron-away"))
say("move", pcall(fs.move, J, here "away"))
say("made", io.open(J .. "-journal", "w"))
say("token", io.open(here "token"))
say("save_to", http.get(arg[1] .. "/__mock__/ledger", { save_to = J }))
say("save_to a pipe", http.get(arg[1] .. "/__mock__/ledger",
  { save_to = here "pipe" }))
LUA
system('mkfifo', "$acme/pipe");
my $inode = (stat "$acme/journal.db")[1];
my ($code, $out, $err) = omnitron('run', "$acme/moves.lua", $evil->{url});
is($code, 0, 'moves: exit 0') or diag($err);
my $why = qr/it is the journal, which only the program itself opens/;
like($out, qr/^\Q$_\E\t\d\t.*$why/m, "moves: $_")
    for 'remove', 'rename', 'onto', 'beside', 'folder', 'move', 'made',
    'save_to';
like($out, qr/^token\t3\t.*it has the token/m, 'moves: token');
like($out, qr/^save_to a pipe\t\d\t.*no regular file/m, 'moves: a pipe');
is((stat "$acme/journal.db")[1], $inode, 'moves: it is what it was');
ok(!-e "$acme/journal.db-journal", 'moves: nothing beside it');
ok(-p "$acme/pipe", 'moves: the pipe is one');

# --- options that would write into it

spill("$acme/nothing.lua", '');
for my $option ('--log-file', '--summary', '--metrics') {
    my $before = slurp("$acme/journal.db");
    my $target = $option eq '--metrics' ? 'journal.prom' : 'journal.db';
    link "$acme/journal.db", "$acme/journal.prom"
        if $option eq '--metrics';
    ($code, $out, $err)
        = omnitron('run', $option, "$acme/$target", "$acme/nothing.lua");
    is($code, 2, "$option: exit 2");
    like($err, qr/journal/, "$option: said");
    is((stat "$acme/journal.db")[1], $inode, "$option: it stays");
    is(slurp("$acme/journal.db"), $before, "$option: as it was");
    unlink "$acme/journal.prom";
}
mkdir "$acme/credentials";
spill("$acme/credentials/omnitron-token", "canary-of-systemd\n");
{
    local $ENV{CREDENTIALS_DIRECTORY} = "$acme/credentials";
    ($code, $out, $err) = omnitron('run', '--summary',
        "$acme/credentials/omnitron-token", "$acme/nothing.lua");
}
is($code, 2, 'a credential: exit 2, before anything is done');
like($err, qr/--summary \S+: it has the token/, 'a credential: said');
is(slurp("$acme/credentials/omnitron-token"), "canary-of-systemd\n",
    'a credential: it stays');
($code, $out, $err) = omnitron('report', '--profile', "$acme/profile.lua",
    '--html', "$acme/journal.db");
isnt($code, 0, '--html: refused');
like($err, qr/journal/, '--html: said');
is((stat "$acme/journal.db")[1], $inode, '--html: it stays');

# --- a mock's folder

my $site = folder() . '/site';
mkdir $site;
spill("$site/in.json", '{"in":true}');
spill(folder() . '/out.json', '{"out":true}');
symlink '../out.json', "$site/link.json";
symlink 'in.json', "$site/near.json";
system('mkfifo', "$site/pipe.json");
for ('../out.json', folder() . '/out.json', 'link.json', './../site/../out.json') {
    spill("$site/replies.json", qq({"GET /x": "$_"}));
    ($code, $out, $err) = omnitron('mock', '--serve', $site);
    is($code, 2, "--serve $_: exit 2");
    like($err, qr/a reply is a file in the folder \S+ or below it/,
        "--serve $_: said");
}
spill("$site/replies.json", '{"GET /x": "pipe.json"}');
($code, $out, $err) = omnitron('mock', '--serve', $site);
is($code, 2, '--serve a pipe: exit 2');
like($err, qr/pipe\.json: it is a pipe/, '--serve a pipe: said');
spill("$site/replies.json", '{"GET /x": "near.json"}');
ok(stop_mock(start_mock('--serve', $site)), '--serve: a link within');

spill("$site/serve_test.lua", <<'LUA');
test("outside", function()
  test.raises(function()
    test.serve { ["GET /x"] = "../out.json" }
  end, "a reply is a file in the folder")
  test.raises(function()
    test.serve { ["GET /x"] = "/etc/hostname" }
  end, "a reply is a file in the folder")
  test.serve { ["GET /x"] = "in.json" }
end)
LUA
($code, $out, $err) = omnitron('test', $site);
is($code, 0, 'test.serve: nothing from outside') or diag("$out$err");

# --- secrets in pieces, in order with print

spill("$acme/erp", "tiger-canary-4711\n", 0600);
spill("$acme/pieces.lua", <<'LUA');
io.write("a ti") io.stdout:write("ger-can", "ary-4711") print(" b")
io.stderr:write("tiger-") io.stderr:write("canary-4711", "\n")
io.write("no line end: ti")
io.stdout:setvbuf("no") io.flush()
LUA
spill("$acme/profile.lua", slurp("$acme/profile.lua")
        =~ s/^\}/settings = { erp = secret "erp" } }/mr);
($code, $out, $err) = omnitron('run', "$acme/pieces.lua");
is($out, "a *** b\nno line end: ti", 'pieces: stdout');
like($err, qr/^\*\*\*$/m, 'pieces: stderr');

ok(stop_mock($_), 'the mock ends well') for $mock, $evil;
done_testing;
