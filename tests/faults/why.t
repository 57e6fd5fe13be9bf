#!/usr/bin/perl
# omnitron why: what became of one item, or of one row that became none, told
# from the journal alone.
use strict;
use warnings;
use Digest::SHA 'sha256_hex';
use Encode 'decode';
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Rig;
use Test::More;

$ENV{TZ} = 'UTC';
my $token = 'tok-0123456789-abcdef';
my $mock = start_mock('--token', $token, '--items', '46761-46780',
    '--repeat', 'refuse');
my $acme = customer('acme', $token, qq(url = "$mock->{url}"),
    'token_file = "token"', 'retry_rejected = "1h"');

# One rule for all; what a line is to come to stands in it.
my $rules = <<'LUA';
return function(row)
  if row.kind == "fail" then
    error("warehouses.csv has no code 'ANK'")
  elseif row.kind == "later" then
    return nil, "not booked yet", "later"
  elseif row.kind == "skip" then
    return nil, "gift wrap, not in the ERP"
  end
  return { order_item_id = row.item, code = row.erp_doc .. "/" .. row.erp_line,
    update_stock = row.kind ~= "keep" }
end, { name = function(row) return row.erp_doc .. "/" .. row.erp_line end }
LUA
spill("$acme/rules.lua", $rules);

sub release {
    my (@lines) = @_;
    spill("$acme/lines.csv", join '', "item;erp_doc;erp_line;kind;note\n",
        map {"$_\n"} @lines);
    return run($acme, "$acme/lines.csv");
}

sub why {
    my ($word, @options) = @_;
    return omnitron('why', '--profile', "$acme/profile.lua", $word, @options);
}

# The text without what differs from run to run.
sub told {
    my ($word) = @_;
    my ($code, $out, $err) = why($word);
    is("$code $err", '0 ', "$word is known");
    # what is to be copied stays whole
    is(join('', grep { !/^  omnitron / && length(decode('UTF-8', $_)) > 80 }
        split /\n/, $out), '', "$word: 80 columns");
    for ($out) {
        s/\Q$acme\E/ACME/g;
        s/^  \d\d:\d\d:\d\d /  TIME /mg;
        s/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+]0000/TIME/g;
        s/\d+ ms/N ms/g;
        s/\n {12,}/ /g;
    }
    return $out;
}

sub told_json {
    my ($word) = @_;
    my ($code, $out, $err) = why($word, '--json');
    is("$code $err", '0 ', "$word is known to a machine");
    return map { decode_json($_) } split /\n/, $out;
}

my $hash = sha256_hex($rules);
my $script = "ACME/rules.lua (" . substr($hash, 0, 12) . ')';
my $host = $mock->{url} =~ s{http://}{}r;

release('46761;SO-1;10;go;a "note"', '46762;SO-1;10;keep;',
    "99999;SO-2;10;go;is $token", '46774;SO-3;10;fail;', '46775;SO-4;10;later;',
    '46776;SO-5;10;skip;', '46777;SO-6', '46778;;10;go;');

subtest 'released' => sub {
    is(told('46761'), <<"TEXT", 'the whole story');
item 46761 as SO-1/10, stock let go: released, mapping 4183.
  TIME  run 1     released  attempt 1, N ms: 201
  from      lines.csv:2, SO-1/10
  the row   item=46761 erp_doc=SO-1 erp_line=10 kind=go note="a "note""
  run 1     TIME, $script
TEXT
    my ($row) = told_json('46761');
    is_deeply($row->{seen}, { item => '46761', erp_doc => 'SO-1',
        erp_line => '10', kind => 'go', note => 'a "note"' }, 'the row');
    is($row->{script_hash}, $hash, 'the digest of the script');
    is($row->{attempts_made}[0]{http_status}, 201, 'the answer');
};

subtest 'a code that stands for two' => sub {
    my $text = told('SO-1/10');
    like($text, qr/^item 46761 as .*^\n?item 46762 as SO-1\/10, stock kept: rel/ms,
        'both are told');
    is_deeply([map { $_->{order_item_id} } told_json('SO-1/10')],
        [46761, 46762], 'a line each');
};

subtest 'rejected, then mended' => sub {
    my $text = told('99999');
    like($text, qr/^item 99999 as SO-2\/10, .*: not released: \Q$host\E said no/,
        'the host said no');
    like($text, qr/run 1     rejected  attempt 1, N ms: 404 Not found/, 'words');
    like($text, qr/omnitron journal retry --profile ACME\S* 99999/, 'and now');
    unlike($text, qr/\Q$token\E/, 'no token');
    like($text, qr/note="is \*\*\*"/, 'it is masked');
    stop_mock($mock);
    $mock = start_mock('--token', $token, '--items', '46761-99999',
        '--port', $mock->{port});
    release('99999;SO-2;20;go;');
    $text = told('99999');
    like($text, qr/^item 99999 as SO-2\/20, .*: released/, 'it is released');
    like($text, qr/rejected  attempt 1 as SO-2\/10.*released  attempt 2, /s,
        'both attempts');
    like($text, qr/omnitron  +sent again: code "SO-2\/10".*released  attempt 2/s,
        'the change of the decision before it');
    like($text, qr/^  run 1  .*^  run 2  /ms, 'both runs');
};

subtest 'failed in the rule' => sub {
    my $want = <<"TEXT";
lines.csv:5, SO-3/10: not released.
  TIME  run 1     failed    rules.lua:3: warehouses.csv has no code 'ANK'
  the row   item=46774 erp_doc=SO-3 erp_line=10 kind=fail note=""
  run 1     TIME, $script
Omnitron was never asked.
TEXT
    is(told("$acme/lines.csv:5"), told('lines.csv:5'),
        'a line, by a path that ends with it');
    my $text = told('SO-3/10') =~ s{ACME/rules.lua:3}{rules.lua:3}r;
    is($text, $want, 'by its name');
    $text = told("lines.csv:5") =~ s{ACME/rules.lua:3}{rules.lua:3}r;
    is($text, $want, 'by its line');
    $text = told('46774') =~ s{ACME/rules.lua:3}{rules.lua:3}r;
    is($text, $want, 'by a field of the row');
    my ($row) = told_json('SO-3/10');
    like($row->{place}, qr/rules\.lua:3$/, 'the place');
    is($row->{message}, "warehouses.csv has no code 'ANK'", 'the message');
    is($row->{script_hash}, $hash, 'the digest');
};

subtest 'waits, in several runs, then released' => sub {
    release('46790;X;1;go;', '', '', '', '46775;SO-4;10;later;') for 1 .. 2;
    like(told('SO-4/10'), qr/waits     not booked yet \(in 3 runs, since run 1/,
        'how often');
    release('46775;SO-4;10;go;');
    my $text = told('46775');
    like($text, qr/^item 46775 .*released, mapping/, 'it is released');
    like($text, qr/waits     lines.csv:6: not booked.*released  attempt 1/s,
        'first it waited');
    is(scalar(() = $text =~ /not booked/g), 1, 'told once');
    is((told_json('46775'))[0]{inputs}[0]{times}, 3, 'a machine hears of it');
};

subtest 'skipped, invalid, not to be read' => sub {
    like(told('SO-5/10'), qr/skipped   gift wrap, not in the ERP\n.*never asked/s,
        'skipped');
    like(told("$acme/lines.csv:8"), qr/invalid   2 columns, the header has 5/,
        'a line that is no row');
    unlike(told("$acme/lines.csv:8"), qr/the row/, 'has no fields');
};

subtest 'unknown, settled by a person' => sub {
    set_fault($mock, 'drop-after=1');
    release('46763;SO-7;10;go;');
    set_fault($mock, undef);
    my $text = told('46763');
    like($text, qr/: unknown: \Q$host\E may have done it\./, 'unknown');
    like($text, qr/run \d+     unknown   attempt 1, N ms: /, 'the attempt');
    like($text, qr/journal settle --profile \S+ 46763 --done/, 'and now');
    my ($code, $out, $err) = omnitron('journal', 'settle', '--profile',
        "$acme/profile.lua", 46763, '--done', '--note', 'seen in the panel');
    is($code, 0, 'settled') or diag($err);
    $text = told('46763');
    like($text, qr/^item 46763 .*: released, as a person said\./, 'released');
    like($text, qr/ settled: done: seen in the panel/, 'by whom, and why');
};

subtest 'conflict' => sub {
    release('46761;SO-9;10;go;');
    my $text = told('46761');
    like($text, qr/conflict  asked was SO-9\/10, stock let go, by lines\.csv:/,
        'what was asked');
    like($text, qr/If what stands is right:/, 'and now');
    is((told_json('46761'))[0]{conflicts}[0]{code}, 'SO-9/10', 'a machine');
};

# On a terminal long lines are broken, but a command is copied from there.
subtest 'journal open on a terminal' => sub {
    my $command = "$ENV{OMNITRON} journal open --profile $acme/profile.lua";
    my @told = split /\r?\n/, `script -qc 'stty cols 40; $command' /dev/null`;
    is(scalar grep(/ in conflict, since /, @told), 1, 'each is told once');
    is(scalar grep(/^  omnitron journal settle --profile \S+ 46761 --done/,
        @told), 1, 'a command is one line');
    is(scalar grep({ length > 40 && !/^  omnitron / } @told), 0,
        'the rest fits');
};

subtest 'another day' => sub {
    my $db = "$acme/journal.db";
    system('sqlite3', $db, 'UPDATE release SET started_at = 1763770447000'
            . ' WHERE order_item_id = 46762') == 0 or die;
    my ($code, $out) = why('46762');
    like($out, qr/^  2025-11-22 \+0000\n  00:14:07  /m, 'the day and its zone');
};

subtest 'texts of others' => sub {
    spill("$acme/odd.lua", 'omnitron.release_all({ { a = "x\27[31my" } },'
            . ' function(row) error("no\27[2Jt \n so") end,'
            . ' { name = function() return "odd" end })');
    omnitron('run', "$acme/odd.lua");
    my ($code, $out) = why('odd');
    unlike($out, qr/\e/, 'no escape reaches the terminal');
    like($out, qr/failed /, 'it is told');
};

subtest 'not there' => sub {
    my ($code, $out, $err) = why('SO-99/1');
    is($code, 2, 'exit 2');
    is($out, '', 'nothing on stdout');
    like($err, qr/journal\.db knows no item, .* that is "SO-99\/1", and no rel/,
        'one line');
    is(scalar(() = $err =~ /\n/g), 1, 'one');
    ($code, $out, $err) = omnitron('why');
    is($code, 2, 'a word is needed');
};

subtest 'many' => sub {
    release(map {"$_;10;;go;"} 47000 .. 47024);
    my $text = told('10/');
    like($text, qr/^10\/ stands for 25 items:\n  item 47000 as 10\/,.*: released/,
        'a line each');
    like($text, qr/… and 5 more: --json\n/, 'not all');
    is(scalar(my @all = told_json('10/')), 25, 'a machine gets all');
};

subtest 'so many of a kind' => sub {
    my $s = release(map {";S-$_;1;skip;"} 1 .. 1200);
    is($s->{skipped}, 1200, 'each is counted');
    like(told('S-1000/1'), qr/skipped/, 'the first are kept');
    my ($code, $out, $err) = why('S-1001/1');
    is($code, 2, 'the others are not');
    like($err, qr/Of the 1200 skipped rows of run \d+ 1000 are kept/,
        'which is said');
};

subtest 'a run that finds what is released writes no more' => sub {
    my @lines = map {"$_;10;;go;"} 47000 .. 47024;
    my $count = sub {
        my $n = `sqlite3 $acme/journal.db "SELECT total(run) || count(*)
            || (SELECT count(*) FROM input) FROM release"`;
        return $n;
    };
    release(@lines);
    my $before = $count->();
    is(release(@lines)->{already}, 25, 'all are');
    is($count->(), $before, 'no row has changed');
};

subtest 'keep_rows = false' => sub {
    my $shy = customer('shy', $token, qq(url = "$mock->{url}"),
        'token_file = "token"', 'keep_rows = false');
    spill("$shy/rules.lua", $rules);
    spill("$shy/lines.csv", "item;erp_doc;erp_line;kind;note\n"
            . "46764;SO-1;10;go;private\n46774;SO-3;10;fail;private\n");
    omnitron('run', "$shy/rules.lua", "$shy/lines.csv");
    my ($code, $out) = omnitron('why', '--profile', "$shy/profile.lua",
        'SO-3/10');
    like($out, qr/failed    \S*rules\.lua:3: warehouses/, 'why is kept');
    unlike($out, qr/the row/, 'the row is not');
    ($code, $out) = omnitron('why', '--profile', "$shy/profile.lua", '46764');
    like($out, qr/^item 46764 .*released/, 'a release is told');
    unlike($out, qr/the row/, 'without its row');
    for my $file (glob "$shy/journal.db*") {
        unlike(slurp($file), qr/private/, 'no field is in ' . $file);
    }
};

for my $file (glob "$acme/journal.db*") {
    unlike(slurp($file), qr/\Q$token\E/, "the token is not in $file");
}
ok(stop_mock($mock), 'the mock ends well');
done_testing;
