#!/usr/bin/perl
# What `omnitron why` finds a release by: its order, its name, its place and
# any field, whoever asked for it; also when the run was killed before they
# were in the table of words, or while they were put there.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use JSON::PP;
use Rig;
use Test::More;

my $token = 'tok-0123456789-abcdef';
my $mock = start_mock('--token', $token, '--items', '46761-46790');
my $acme = customer('acme', $token, qq(url = "$mock->{url}"),
    'token_file = "token"');

sub release {
    my ($script, $csv) = @_;
    spill("$acme/script.lua", $script);
    spill("$acme/lines.csv", $csv) if defined $csv;
    my ($code, $out, $err) = omnitron('run', '-q', "$acme/script.lua",
        defined $csv ? "$acme/lines.csv" : ());
    is($code, 0, 'a run') or diag($err);
    return;
}

sub found {
    my ($word, $where) = @_;
    my ($code, $out) = omnitron('why', '--profile',
        ($where // $acme) . '/profile.lua', $word, '--json');
    return map { decode_json($_) } split /\n/, $out;
}

# "46761 46762": the items that it finds.
sub items {
    return join ' ', map { $_->{order_item_id} // 'row' } found(@_);
}

subtest 'orders that wait, each' => sub {
    release(<<'LUA');
omnitron.each(omnitron.waiting_orders(), function(order)
  for i, item in ipairs(order.orderitem_set) do
    sleep(0) -- other rows get their turn
    omnitron.release { order_item_id = item.pk, code = order.pk .. "/" .. i }
  end
end)
LUA
    my ($row) = found(46770);
    like($row->{order_number}, qr/^9\d{10}$/, 'the number of the order');
    is($row->{name}, $row->{order_number}, 'is its name');
    like($row->{source}, qr/^row \d+$/, 'the place');
    is($row->{seen}{number}, $row->{order_number}, 'the fields of the order');
    is($row->{seen}{currency}, 'TRY', 'all that are plain');
    is(scalar grep({ /item|customer|channel/ } keys %{ $row->{seen} }), 0,
        'neither its items nor whom it is for');
    my @same = found($row->{order_number});
    cmp_ok(scalar @same, '>', 1, 'the order has more items');
    is(scalar grep({ $_->{code} !~ m{^$row->{seen}{pk}/\d+$} } @same), 0,
        'each under its own order, while four are under way');
    is(scalar(my @all = found('TRY')), 30, 'a field that all have');
    is(items('try'), items('TRY'), 'capitals count as small letters');
    my ($code, $list) = omnitron('journal', 'list', $acme, '--json');
    is(decode_json((split /\n/, $list)[0])->{order_number} =~ /^9/, 1,
        'journal list --json');
    like($list, qr/"name":"\d+","order_number":"\d+","run"/, 'behind the name');
};

subtest 'the order of a row' => sub {
    stop_mock($mock);
    $mock = start_mock('--token', $token, '--items', '46761-46790');
    $acme = customer('second', $token, qq(url = "$mock->{url}"),
        'token_file = "token"');
    my $csv = "Order No;item;note\nA-1;46761;first\nA-2;46762;a $token\n";
    my $all = 'omnitron.release_all(csv.rows(arg[1]), function(row) return {'
        . ' order_item_id = row.item, code = "N" .. row.item } end';
    release("$all)", $csv);
    is(items('A-1'), 46761, 'a column that is called so');
    is((found(46761))[0]{order_number}, 'A-1', 'is in the record');
    is(items('lines.csv:2'), 46761, 'a place');
    is(items('first'), 46761, 'any field');
    is(items($token), '', 'but no secret');
    is(items("a ***"), 46762, 'which is masked');
    release("$all, { order = 'note' })", "no;item;note\n1;46768;$token\n"
            . "2;46769;" . 'ş' x 40 . "\n");
    is((found(46768))[0]{order_number}, '***', 'neither is it an order');
    is((found(46769))[0]{order_number}, "\x{15f}" x 32,
        'an order is cut between two characters');
    release("$all, { order = 'note' })", "no;item;note\n7;46763;B-1\n");
    is((found(46763))[0]{order_number}, 'B-1', 'order = a column');
    release("$all, { order = function(row) return 'C-' .. row.no end })",
        "no;item;note\n7;46764;B-1\n");
    is((found('c-7'))[0]{order_item_id}, 46764, 'order = a function');
    is(items('b-1'), '46763 46764', 'an order before a field');
    is(items('fir'), 46761, 'what a field begins with');
    my ($code, $out) = omnitron('why', '--profile', "$acme/profile.lua", 'fi');
    is($code, 2, 'but of two letters');
    ($code, $out) = omnitron('why', '--profile', "$acme/profile.lua", 'n46');
    like($out, qr/^nothing is n46; 6 items begin with it:\n  item 46764 as N/,
        'people are told that it is not whole, the latest first');
    release('omnitron.each({ { order = "E-1", x = "quince" } },'
            . ' function() local co = coroutine.wrap(function()'
            . ' omnitron.release { order_item_id = 46765, code = "e" } end)'
            . ' co() end, { name = function() return "nm" end })'
            . ' omnitron.release { order_item_id = 46766, code = "f" }');
    is(items($_), 46765, "in a coroutine of each: $_") for qw(E-1 quince nm);
    like((found(46766))[0]{source}, qr/^script\.lua:1$/,
        'outside of rows it is the place in the script');
    is((found(46766))[0]{order_number}, '', 'and no order');
};

subtest 'an item, and an order of the same number' => sub {
    release('omnitron.release_all({ { order = "46765", item = 46767 } },'
            . ' function(row) return { order_item_id = row.item,'
            . ' code = "g" } end)');
    is(items(46765), '46765 46767', 'the item first');
};

subtest 'a line that moves in its file is told once' => sub {
    my $rule = 'omnitron.release_all(csv.rows(arg[1]), function() return nil,'
        . ' "not booked", "later" end, { name = function(row)'
        . ' return row.doc end })';
    release($rule, "doc;n\nM-1;1\nM-2;2\nM-2;3\n");
    release($rule, "doc;n\nX;9\nY;9\nM-1;1\n");
    my @told = found('M-1');
    is(scalar @told, 1, 'once');
    is(scalar(my @low = found('m-1')), 1, 'in small letters as well');
    is(scalar grep({ ($_->{name} // '') eq 'M-1' } found('lines.csv:2')),
        1, 'where it was it is as well');
    like($told[0]{source}, qr/lines\.csv:4$/, 'where it is now');
    is($told[0]{times}, 2, 'that it was seen twice');
    is($told[0]{first_run} < $told[0]{run}, 1, 'since when');
    is(scalar(my @two = found('M-2')), 2, 'two of one run are two');
};

subtest 'killed before they were in the table' => sub {
    my $killed = customer('killed', $token, qq(url = "$mock->{url}"),
        'token_file = "token"');
    spill("$killed/script.lua", 'omnitron.release_all({ { order = "K-1",'
            . ' who = "Eva" } }, function() return { order_item_id = 46780,'
            . ' code = "k" } end) io.open(here "sent", "w"):close() sleep(1000)');
    my $job = spawn('killed', $ENV{OMNITRON}, 'run', "$killed/script.lua");
    ok(wait_until(sub { -e "$killed/sent" }), 'all is sent');
    kill 'KILL', $job->{pid};
    is((finish($job))[0], -9, 'killed');
    my $here = { path => $killed };
    is(sql($here, 'SELECT count(*) FROM word'), 0, 'no word is there');
    is(items($_, $killed), 46780, "found by $_") for qw(K-1 eva k-1 K);
    my $trace = "$killed/trace";
    spill("$killed/empty.lua", '');
    for my $file (qw(journal.db journal.db-wal journal.db.notes)) {
        spill("$killed/$file.kept", slurp("$killed/$file"))
            if -e "$killed/$file";
    }
    my $again = sub {
        unlink glob "$killed/journal.db-*";
        for (glob "$killed/*.kept") {
            spill(s/[.]kept$//r, slurp($_), 0600);
        }
    };
    finish(spawn('traced', 'env', preload(), "DISK_TRACE=$trace",
        $ENV{OMNITRON}, 'run', "$killed/empty.lua"));
    isnt(sql($here, 'SELECT count(*) FROM word'), 0, 'the next run does it');
    my $calls = grep {/^main /} split /\n/, slurp($trace);
    my @bad;
    for my $n (every(2, 1 .. $calls)) {
        $again->();
        my ($code) = finish(spawn('cut', 'env', preload(),
            "DISK_FAULT=main:any:any:$n:kill", $ENV{OMNITRON}, 'run',
            "$killed/empty.lua"));
        push @bad, "$n: " . items($_, $killed) for grep
            { items($_, $killed) ne '46780' } qw(K-1 eva);
        ($code) = omnitron('run', "$killed/empty.lua");
        push @bad, "$n: the run after it: exit $code" if $code != 0;
        push @bad, "$n: after it" if items('eva', $killed) ne '46780';
        push @bad, "$n: not all are in the table"
            if sql($here, 'SELECT count(*) FROM word') < 3;
    }
    is_deeply(\@bad, [], "cut short at $calls places: found, and gone on with");
};

ok(stop_mock($mock), 'the mock ends well');
done_testing;
