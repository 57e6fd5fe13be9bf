#!/usr/bin/perl
# The journal is copied, moved, restored and brought back, with and without its
# log: whoever could send what the other has sent is refused and told the next
# command, and nothing is sent twice.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

alarm 300;

my $mock = start_mock('--items', '1-999999');
my $next = 1;
my $way = 0;

# A customer of ten items, released; and five more lines to come.
sub customer_of_its_own {
    my $path = folder() . '/way' . ++$way;
    mkdir $path or die "$path: $!\n";
    spill("$path/profile.lua", qq(return { url = "$mock->{url}",)
        . qq( token_file = "token" }\n));
    spill("$path/token", "mock\n", 0600);
    spill("$path/rules.lua", 'return function(row) return { order_item_id ='
        . " row.item, code = row.code } end\n");
    omnitron('journal', 'new', $path);
    lines($path, 10);
    is((run_in($path))[0], 0, "way $way: it begins");
    return $path;
}

sub lines {
    my ($path, $count) = @_;
    spill("$path/lines.csv", join '', "item;code\n",
        map { my $item = $next++; "$item;SO-$item/10\n" } 1 .. $count);
    my $old = time - 3600;
    utime $old, $old, "$path/lines.csv";
}

sub run_in {
    my ($path) = @_;
    return omnitron('run', "$path/rules.lua", "$path/lines.csv");
}

sub goes_on {
    my ($path, $name) = @_;
    my ($code, $out, $err) = run_in($path);
    is($code, 0, "way $way: $name") or diag($err);
}

# Refused, before anything is sent, with the command that helps.
sub stops {
    my ($path, $words, $name) = @_;
    my $before = keys %{ ledger($mock) };
    my ($code, $out, $err) = run_in($path);
    is($code, 2, "way $way: $name");
    like($err, $words, "way $way: says why");
    like($err, qr/omnitron journal moved --journal \S+ --note/,
        "way $way: and what next");
    is(scalar keys %{ ledger($mock) }, $before, "way $way: nothing was sent");
    for my $word (['settle', 1, '--done'], ['cancel', 1], ['import',
            "$path/lines.csv"]) {
        my ($code) = omnitron('journal', $word->[0], @$word[1 .. $#$word],
            '--note', 'x', '--journal', "$path/journal.db");
        is($code, 2, "way $way: $word->[0] is refused, too");
    }
    for my $word ('list', 'verify') {
        my ($code) = omnitron('journal', $word, $path);
        is($code, 0, "way $way: $word reads it");
    }
}

sub is_moved {
    my ($path, $words) = @_;
    my ($code, $out, $err) = omnitron('journal', 'moved', $path, '--note',
        'a test');
    is($code, 0, "way $way: moved") or diag($err);
    like($out, $words, "way $way: and says what that means");
}

sub copy {
    my ($from, $to) = @_;
    system('cp', '-a', $from, $to) == 0 or die "cp: $?\n";
}

sub sql {
    my ($path, $sql) = @_;
    my ($code, $out, $err) = finish(spawn('sql', 'sqlite3',
            "$path/journal.db", $sql));
    die $err if $code != 0;
    return $out;
}

my $copied = qr/is a copy: .* is still there/;
my $restored = qr/is not the file that was last written here/;
my $elsewhere = qr/was used last on another machine/;

# 1. A copy beside the one in use.
my $a = customer_of_its_own();
copy($a, "$a.copy");
stops("$a.copy", $copied, 'a copy');
goes_on($a, 'the one that it is of goes on');

# 2. The copy is the one from now on: the old one knows it.
is_moved("$a.copy", qr/can be used no more/);
lines("$a.copy", 5);
goes_on("$a.copy", 'it goes on where it was moved to');
stops($a, $copied, 'the old one comes back');

# 3. A folder that was renamed is the same one.
$a = customer_of_its_own();
rename $a, "$a.renamed";
goes_on("$a.renamed", 'a renamed folder');

# 4. And one that is reached by another name.
symlink "$a.renamed", $a;
goes_on($a, 'a link to it');
unlink $a;

# 5. A copy of one that was taken away.
copy("$a.renamed", $a);
rename "$a.renamed", "$a.away";
stops($a, qr/is a copy: .* is where it was used last/, 'a copy of one away');
is_moved($a, qr/Nothing may be run with the one that was/);
goes_on($a, 'it goes on');

# 6. journal.db alone, while its log was not yet copied.
$a = customer_of_its_own();
copy($a, "$a.copy");
unlink "$a.copy/journal.db-wal", "$a.copy/journal.db-shm",
    "$a.copy/journal.db.notes";
stops("$a.copy", $copied, 'journal.db alone');

# 7. In mid-run, as somebody copies it to a new server.
$a = customer_of_its_own();
lines($a, 300);
my $slow = start_mock('--items', '1-999999', '--latency', '300');
spill("$a/profile.lua", qq(return { url = "$slow->{url}", token_file =)
    . qq( "token", at_once = 4 }\n));
sql($a, 'UPDATE meta SET host = NULL');
my $job = spawn('mid', $ENV{OMNITRON}, 'run', "$a/rules.lua", "$a/lines.csv");
wait_until(sub { keys %{ ledger($slow) } > 5 });
copy($a, "$a.copy");
stops("$a.copy", $copied, 'a copy in mid-run');
my ($code, $out, $err) = omnitron('journal', 'moved', "$a.copy", '--note', 'x');
is($code, 11, "way 7: and while that run works, it is not moved") or diag($err);
kill 'TERM', $job->{pid};
finish($job);
my $ledger = ledger($slow);
is_deeply([grep { @{ $ledger->{$_} } > 1 } keys %$ledger], [],
    'way 7: nothing was sent twice');
ok(stop_mock($slow), 'way 7: the mock ends well');

# 8. A backup that was restored under the old name.
$a = customer_of_its_own();
omnitron('journal', 'backup', "$a.backup", '--journal', "$a/journal.db");
unlink glob "$a/journal.db*";
copy("$a.backup", "$a/journal.db");
stops($a, $restored, 'a backup in its place');
is_moved($a, qr/is at home here now/);
goes_on($a, 'the backup');

# 9. A backup under another name, and what it was made of is gone.
$a = customer_of_its_own();
omnitron('journal', 'backup', "$a.backup", '--journal', "$a/journal.db");
system 'cp', '-a', $a, "$a.new";
unlink glob "$a.new/journal.db*";
copy("$a.backup", "$a.new/journal.db");
system 'rm', '-rf', $a;
stops("$a.new", qr/is a copy/, 'a backup elsewhere');
is_moved("$a.new", qr/is at home here now/);
goes_on("$a.new", 'it goes on');

# 10. On another machine.
$a = customer_of_its_own();
sql($a, "UPDATE home SET machine = 'another'");
stops($a, $elsewhere, 'another machine');
is_moved($a, qr/is at home here now/);
goes_on($a, 'after that it goes on');

# 11. A machine that has no number: the file says it.
$a = customer_of_its_own();
sql($a, "UPDATE home SET machine = ''");
goes_on($a, 'a machine without a number');

# 12. After a restart of the machine the device has another number.
$a = customer_of_its_own();
sql($a, 'UPDATE home SET device = device + 1');
goes_on($a, 'another number of the device');

# Who decided is known.
like(sql($a = "$a", 'SELECT count(*) FROM audit WHERE order_item_id = 0'),
    qr/^0$/, 'what is no move is not called one');
($code, $out, $err) = omnitron('journal', 'moved', $a);
is($code, 2, 'moved wants a note');
like($err, qr/--note/, 'and says so');

$ledger = ledger($mock);
is_deeply([grep { @{ $ledger->{$_} } > 1 } keys %$ledger], [],
    'nothing was sent twice');
ok(stop_mock($mock), 'the mock ends well');
done_testing;
