#!/usr/bin/perl
# Journals that somebody made or had his hands on: what is planted in the
# schema, odd headers, values that can be none, files that are none. Each goes
# through a run and through who only looks: one clear line and its exit code,
# no crash, no hang, no memory without end, and nothing is sent on the word of
# a schema that is not this program's.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use Rig;
use IO::Socket::UNIX;
use POSIX ();
use Test::More;

alarm 900; # a command that does not end fails

my $big = 9223372036854775807;
my $open = 'PRAGMA writable_schema = ON;';
my @cases;

# --- planted in the schema: exit 2 for all, and nothing is sent

my %planted = (
    'an index' => 'CREATE INDEX x ON release (reply)',
    'an index on an expression' =>
        'CREATE INDEX x ON release (length(hex(zeroblob(1000000))))',
    'a partial index' =>
        "CREATE INDEX x ON release (run) WHERE code LIKE '%a%b%c%'",
    'a unique index' => 'CREATE UNIQUE INDEX x ON release (order_item_id)',
    'a trigger that deletes' => 'CREATE TRIGGER t AFTER INSERT ON release'
        . ' BEGIN DELETE FROM release; END',
    'a trigger that raises' => 'CREATE TRIGGER t BEFORE UPDATE ON release'
        . " BEGIN SELECT RAISE(ABORT, 'no'); END",
    'a trigger of a run' => 'CREATE TRIGGER t AFTER INSERT ON run BEGIN'
        . ' UPDATE release SET code = 1; END',
    'a view' => 'CREATE VIEW v AS SELECT * FROM release',
    'a view for a table' => 'DROP TABLE conflict; CREATE VIEW conflict AS'
        . ' SELECT 1 AS order_item_id',
    'a view without end' => 'CREATE VIEW v AS WITH RECURSIVE n (i) AS'
        . ' (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
    'a table' => 'CREATE TABLE x (y)',
    'a table with an odd name' => qq{CREATE TABLE "\e[31m\n" (y)},
    'a table that is a search' => 'CREATE VIRTUAL TABLE x USING fts5 (y)',
    'a table that is a tree' => 'CREATE VIRTUAL TABLE x USING rtree (i, a, b)',
    '5,000 tables' =>
        'BEGIN;' . join('', map {"CREATE TABLE t$_ (x);"} 1 .. 5000) . 'COMMIT',
    'a generated column' => 'ALTER TABLE release ADD COLUMN x TEXT'
        . ' AS (hex(zeroblob(100000000)))',
    'a CHECK' => 'ALTER TABLE release ADD COLUMN x TEXT CHECK (x > 0)',
    'a column' => 'ALTER TABLE release ADD COLUMN x TEXT',
    'a column less' => 'ALTER TABLE run DROP COLUMN script_hash',
    'a column by another name' => 'ALTER TABLE run RENAME COLUMN pid TO p',
    'a table by another name' => 'ALTER TABLE audit RENAME TO audits',
    'a table less' => 'DROP TABLE attempt',
    'an index less' => 'DROP INDEX release_open',
    'an index the other way' => 'DROP INDEX release_run;'
        . ' CREATE INDEX release_run ON release (run DESC)',
    'a collation' => "$open UPDATE sqlite_schema SET sql = replace(sql,"
        . " 'code TEXT NOT NULL', 'code TEXT COLLATE NOCASE NOT NULL')",
    'no STRICT' => "$open UPDATE sqlite_schema SET sql ="
        . " replace(sql, 'STRICT', '') WHERE name = 'audit'",
    'no CHECK' => "$open UPDATE sqlite_schema SET sql ="
        . " replace(sql, 'CHECK (attempts >= 0)', '')",
    'a default' => "$open UPDATE sqlite_schema SET sql ="
        . " replace(sql, 'DEFAULT 0', 'DEFAULT 1')",
    'no AUTOINCREMENT' => "$open UPDATE sqlite_schema SET sql ="
        . " replace(sql, 'AUTOINCREMENT', '')",
    'unique codes of another kind' =>
        'CREATE INDEX release_code ON release (code COLLATE NOCASE)',
    'statistics with a CHECK' => "ANALYZE; $open UPDATE sqlite_schema SET sql ="
        . " 'CREATE TABLE sqlite_stat1(tbl,idx,stat CHECK (stat > 1))'"
        . " WHERE name = 'sqlite_stat1'",
);
push @cases, map { { title => $_, sql => $planted{$_}, run => qr/^2$/,
            look => qr/^2$/, still => 1 } } sort keys %planted;

# --- a schema that is none: refused, as the one or the other

my %broken = (
    'a text that is no SQL' => "UPDATE sqlite_schema SET sql = 'CREATE TABLE'"
        . " WHERE name = 'audit'",
    'a table without its text' =>
        "UPDATE sqlite_schema SET sql = NULL WHERE name = 'audit'",
    'a type that is none' =>
        "UPDATE sqlite_schema SET type = 'tabel' WHERE name = 'audit'",
    'a row twice' => 'INSERT INTO sqlite_schema SELECT * FROM sqlite_schema',
    'no schema' => 'DELETE FROM sqlite_schema',
    'a root beyond the end' => 'UPDATE sqlite_schema SET rootpage = 99999'
        . " WHERE name = 'run'",
    'a text of 10 MB' => 'UPDATE sqlite_schema SET sql = sql || printf('
        . "'/*%.*c*/', 10000000, 'x') WHERE name = 'audit'",
);
push @cases, map { { title => $_, sql => "$open $broken{$_}", still => 1,
            run => qr/^[27]$/, look => qr/^[27]$/ } } sort keys %broken;

# --- the header

my %headers = (
    'user_version 0' => ['PRAGMA user_version = 0', qr/^2$/],
    'user_version -1' => ['PRAGMA user_version = -1', qr/^2$/],
    'user_version 99' => ['PRAGMA user_version = 99', qr/^2$/],
    'user_version 1' => ['PRAGMA user_version = 1', qr/^2$/],
    'application_id 0' => ['PRAGMA application_id = 0', qr/^2$/],
    'application_id -1' => ['PRAGMA application_id = -1', qr/^2$/],
    'pages of 512' => ['PRAGMA journal_mode = DELETE; PRAGMA page_size = 512;'
            . ' VACUUM', qr/^[04]$/],
    'pages of 65536' => ['PRAGMA journal_mode = DELETE;'
            . ' PRAGMA page_size = 65536; VACUUM', qr/^[04]$/],
    'auto_vacuum' => ['PRAGMA auto_vacuum = 1; VACUUM', qr/^[04]$/],
    'incremental vacuum' => ['PRAGMA auto_vacuum = 2; VACUUM', qr/^[04]$/],
    'no log' => ['PRAGMA journal_mode = DELETE', qr/^[04]$/],
    'ANALYZE' => ['ANALYZE', qr/^[04]$/],
);
push @cases, map { { title => $_, sql => $headers{$_}[0],
            run => $headers{$_}[1], look => qr/^[0247]$/ } }
    sort keys %headers;

sub bytes {
    my ($at, $bytes) = @_;
    return sub {
        open my $file, '+<:raw', $_[0] or die "$_[0]: $!\n";
        seek $file, $at, 0;
        print {$file} $bytes;
        close $file;
    };
}

my %bytes = (
    'a page size of 3' => bytes(16, "\0\3"),
    'a write version of 9' => bytes(18, "\x09"),
    'a read version of 9' => bytes(19, "\x09"),
    'reserved bytes' => bytes(20, "\xf0"),
    'a list of free pages in a circle' =>
        bytes(32, pack 'NN', 2, 7),
    'free pages beyond the end' => bytes(32, pack 'NN', 0x7fffffff, 0x7fffffff),
    'a schema format of 77' => bytes(44, pack 'N', 77),
    'an encoding of 7' => bytes(56, pack 'N', 7),
    'a first page of rubbish' => bytes(100, 'Z' x 3000),
    'a page of zeros' => bytes(4096, "\0" x 4096),
    'pages of rubbish' => bytes(8192, 'Z' x 20000),
    'cells that point outside' => bytes(4096 + 8, "\xff" x 16),
);
push @cases, map { { title => $_, with => $bytes{$_}, run => qr/^[02347]$/,
            look => qr/^[02347]$/ } } sort keys %bytes;

# --- values that can be none: STRICT and the CHECKs are off while they are
# written

my %values = (
    'a state of 99' => "UPDATE release SET state = '99'",
    'a state that is a number' => 'UPDATE release SET state = 99',
    'a state of blanks' => "UPDATE release SET state = x'00'",
    'attempts below 0' => 'UPDATE release SET attempts = -5',
    'attempts without end' => "UPDATE release SET attempts = $big",
    'a code with a NUL' => "UPDATE release SET code = CAST(x'410042' AS TEXT)",
    'a code of 300' => "UPDATE release SET code = printf('%.*c', 300, 'x')",
    'a code of none' => "UPDATE release SET code = ''",
    'a code that is NULL' => 'UPDATE release SET code = NULL',
    'a code that is a blob' => "UPDATE release SET code = x'ff00ff'",
    'a code that is no UTF-8' =>
        "UPDATE release SET code = CAST(x'c3285c' AS TEXT)",
    'an item below 0' => 'UPDATE release SET order_item_id = -order_item_id',
    'the largest item' => "UPDATE release SET order_item_id = $big"
        . ' WHERE order_item_id = (SELECT max(order_item_id) FROM release)',
    'the smallest item' => "UPDATE release SET order_item_id = -$big - 1"
        . ' WHERE order_item_id = (SELECT min(order_item_id) FROM release)',
    'times without end' => "UPDATE release SET first_at = $big,"
        . " last_at = -$big, started_at = $big, ms = -$big",
    'runs without end' => "UPDATE release SET run = $big",
    'a run that is none' => "UPDATE release SET run = 'x'",
    'a status without end' => "UPDATE release SET http_status = $big,"
        . " curl = -$big",
    'texts for numbers' => "UPDATE release SET update_stock = 'x',"
        . " attempts = 'y', first_at = 'z', mapping_pk = 'w'",
    'reals for numbers' => 'UPDATE release SET attempts = 1e308,'
        . ' first_at = 9e999, last_at = -9e999, ms = 0.5',
    'blobs for texts' => "UPDATE release SET message = zeroblob(100),"
        . " source = x'00', name = x'1b5b33316d', why = x'ff'",
    'words that a terminal obeys' => "UPDATE release SET"
        . " message = char(27) || '[31m' || char(8238), name = char(27, 7)",
    'a row that is no JSON' => "UPDATE release SET seen = '{{{'",
    'a row without a bottom' =>
        "UPDATE release SET seen = printf('%.*c', 100000, '[')",
    'a row of 5 MB' => "UPDATE release SET seen = printf('%.*c', 5000000, 'x')"
        . ' WHERE order_item_id IN (SELECT order_item_id FROM release LIMIT 3)',
    'a reply of 40 MB' => 'UPDATE release SET reply = zeroblob(40000000)'
        . ' WHERE order_item_id = (SELECT min(order_item_id) FROM release)',
    'a reply of 20 MB' => 'UPDATE release SET reply = zeroblob(20000000)'
        . ' WHERE order_item_id = (SELECT min(order_item_id) FROM release)',
    'a summary that is no JSON' => "UPDATE run SET summary = '}'",
    'a summary without a bottom' =>
        "UPDATE run SET summary = printf('%.*c', 100000, '[')",
    'a summary of texts' => 'UPDATE run SET summary ='
        . q{ '{"rows":"x","seconds":[],"exit":1e999}'},
    'a run without an end' => "UPDATE run SET started_at = $big,"
        . " ended_at = -$big, exit = $big, pid = -1",
    'the last run' => "UPDATE run SET id = $big",
    'a run below 0' => 'UPDATE run SET id = -7',
    'no further run' => "UPDATE sqlite_sequence SET seq = $big",
    'a sequence of text' => "UPDATE sqlite_sequence SET seq = 'x'",
    'no meta' => 'DELETE FROM meta',
    'a host that is NULL' => 'UPDATE meta SET host = NULL',
    'a host that is a blob' => "UPDATE meta SET host = x'1b00'",
    'a host that is long' => "UPDATE meta SET host = printf('%.*c', 99999, 'h')",
    'two in meta' => "INSERT INTO meta VALUES (2, 'https://x', 1, 0)",
    'a cursor of bytes' =>
        "INSERT INTO cursor VALUES (x'00', x'ff', 'x', 'y')",
    'an audit of bytes' => 'INSERT INTO audit SELECT NULL, order_item_id,'
        . " -$big, x'1b', x'00', zeroblob(1000) FROM release",
    'attempts of long ago' => 'INSERT INTO attempt SELECT order_item_id,'
        . " $big, -$big, $big, 'x', 1, 1, -1, -1, x'00', 'o', 'w' FROM release",
    'a conflict of nobody' =>
        "INSERT INTO conflict VALUES (-1, x'00', 7, NULL, NULL, -1, 0, $big)",
    'inputs of bytes' => "INSERT INTO input VALUES (x'00', x'1b', 'x', 'what',"
        . " x'ff', '', '[[[', -1, $big, -$big, $big, -3)",
);

# Those that verify has no word about: they are odd, and they may be.
my $odd = join '|', 'a code that is no UTF-8', 'a host that is (?:NULL|long)',
    'the largest item', 'a sequence of text', 'a (?:reply|row|summary) .*',
    'words that a terminal obeys';
push @cases, map { { title => $_, loose => $values{$_},
            verify => /^(?:$odd)$/ ? qr/^[07]$/ : qr/^7$/, run => qr/^[023457]$/,
            look => qr/^[0247]$/ } } sort keys %values;

# --- files that are none

sub beside {
    my ($end, $make) = @_;
    return sub { $make->("$_[0]$end") };
}

my $fifo = sub { POSIX::mkfifo($_[0], 0600) or die "mkfifo: $!\n" };
my $folder = sub { mkdir $_[0] };
my $link = sub { symlink 'elsewhere', $_[0] };
my $second = sub { spill("$_[0].2", 'x'); link "$_[0].2", $_[0] };
my $rubbish = sub { spill($_[0], 'Z' x 50000, 0600) };
my $socket = sub { IO::Socket::UNIX->new(Local => $_[0], Listen => 1)
        or die "socket: $!\n" };

for my $end (qw(-wal -shm)) {
    my %kinds = ('a pipe' => $fifo, 'a folder' => $folder, 'a link' => $link,
        'a second name' => $second, 'a socket' => $socket);
    push @cases, map { { title => "$end is $_", with => beside($end,
                $kinds{$_}), run => qr/^2$/, look => qr/^2$/, still => 1 } }
        sort keys %kinds;
    push @cases, { title => "$end is rubbish", with => beside($end, $rubbish),
        run => qr/^[0247]$/, look => qr/^[0247]$/ };
}
push @cases, map { { title => $_->[0], with => $_->[1], run => $_->[2],
            look => $_->[3] } } (
    ['-journal is rubbish', beside('-journal', $rubbish), qr/^2$/, qr/^2$/],
    ['-journal is a pipe', beside('-journal', $fifo), qr/^2$/, qr/^2$/],
    ['-journal is a folder', beside('-journal', $folder), qr/^2$/, qr/^2$/],
    ['-journal is empty', beside('-journal', sub { spill($_[0], '') }),
        qr/^[04]$/, qr/^0$/],
    ['.lock is a pipe', beside('.lock', $fifo), qr/^2$/, qr/^0$/],
    ['.lock is a folder', beside('.lock', $folder), qr/^2$/, qr/^0$/],
    ['.lock is a link', beside('.lock', $link), qr/^2$/, qr/^0$/],
    ['.notes is a pipe', beside('.notes', sub { unlink $_[0]; $fifo->($_[0]) }),
        qr/^[04]$/, qr/^0$/],
    ['the journal is a pipe', sub { unlink $_[0]; $fifo->($_[0]) },
        qr/^2$/, qr/^2$/],
    ['the journal is a folder', sub { unlink $_[0]; mkdir $_[0] },
        qr/^2$/, qr/^2$/],
    ['the journal has a second name', sub { link $_[0], "$_[0].2" },
        qr/^2$/, qr/^2$/],
    ['the journal is a link', sub {
        rename $_[0], "$_[0].real"; symlink 'journal.db.real', $_[0] },
        qr/^[024]$/, qr/^[02]$/],
    ['half of it', sub { truncate $_[0], (-s $_[0]) / 2 },
        qr/^[27]$/, qr/^[0247]$/],
    ['100 bytes of it', sub { truncate $_[0], 100 }, qr/^[27]$/, qr/^[27]$/],
    ['nothing of it', sub { truncate $_[0], 0 }, qr/^2$/, qr/^2$/],
    ['one page of it', sub { truncate $_[0], 4096 }, qr/^[27]$/, qr/^[27]$/],
    ['an odd end', sub { truncate $_[0], (-s $_[0]) - 100 },
        qr/^7$/, qr/^[07]$/],
    ['the log of another', \&log_of_another, qr/^[0247]$/, qr/^[0247]$/],
);

# --- how each is tried

my $templates = 0;
my $template; # the folder of a customer whose journal has something in it

# A newer shell of it does not let the schema be written by itself.
sub sqlite {
    my ($path, @words) = @_;
    my ($code, $out, $err) = finish(spawn('sqlite', 'sqlite3', '-bail',
        '-cmd', '.dbconfig defensive off', $path, @words));
    die "sqlite3: $err\n" if $code != 0;
    return $out;
}

sub log_of_another {
    my ($path) = @_;
    my $other = "$path.other";
    open my $sqlite, '|-', "sqlite3 $other >/dev/null" or die "sqlite3: $!\n";
    print {$sqlite} "PRAGMA journal_mode = WAL; CREATE TABLE x (y);\n",
        "INSERT INTO x VALUES (zeroblob(9000));\n.shell cp $other-wal $path-wal\n";
    close $sqlite;
}

# Once in each process: 20 items, some of them twice, and what a person did.
sub make_template {
    my ($mock) = @_;
    my $place = fresh("template$$-" . $templates++, $mock, at_once => 4);
    my ($code, $out, $err) = run_place($place);
    die "the template: exit $code: $err\n" if $code != 0;
    my $first = $place->{items}[0];
    my $last = $first + 2;
    sqlite("$place->{path}/journal.db",
        "DELETE FROM home; UPDATE release SET state = 'pending'"
            . " WHERE order_item_id = $last;"
            . 'INSERT INTO audit (order_item_id, at, who, what)'
            . " VALUES ($first, 1763777647123, 'ayse', 'seen');");
    return $place;
}

my $types = "$open UPDATE sqlite_schema SET sql = replace(sql, 'STRICT',"
    . " CASE WHEN sql LIKE '%STRICT, WITHOUT%' THEN 'WITHOUT ROWID, '"
    . " ELSE '' END)";

# Written while the tables take anything, and then they have their text again.
sub write_loose {
    my ($path, $sql) = @_;
    sqlite($path, $open
            . ' UPDATE sqlite_schema SET sql = replace(replace(replace(replace('
            . "sql, 'STRICT, WITHOUT ROWID', 'WITHOUT ROWID'), 'STRICT', ''),"
            . " 'TEXT NOT NULL', 'TEXT'), 'INTEGER NOT NULL', 'INTEGER')"
            . " WHERE type = 'table'");
    sqlite($path, "PRAGMA ignore_check_constraints = ON; $sql;"
            . " $open ATTACH '$path.texts' AS t; UPDATE main.sqlite_schema AS s"
            . ' SET sql = (SELECT sql FROM t.sqlite_schema AS o WHERE'
            . ' o.name = s.name AND o.type = s.type) WHERE type = \'table\'');
}

sub make {
    my ($case, $place) = @_;
    my $path = "$place->{path}/journal.db";
    system 'cp', '-p', $path, "$path.texts" if $case->{loose};
    write_loose($path, $case->{loose}) if $case->{loose};
    sqlite($path, $case->{sql}) if $case->{sql};
    $case->{with}->($path) if $case->{with};
    unlink "$path.texts";
}

# Bounded in time, and where no sanitizer needs more in memory.
sub try {
    my ($name, @words) = @_;
    my $limit = is_asan() ? '' : 'ulimit -v 700000;';
    return finish(spawn($name, 'timeout', '-k', '5', '60', 'sh', '-c',
            "$limit exec \"\$@\"", 'sh', $ENV{OMNITRON}, @words));
}

sub looks {
    my ($place) = @_;
    my $path = $place->{path};
    my @named = ('--profile', "$path/profile.lua");
    return (['verify', qr/^[0247]$/, 'journal', 'verify', $path],
        ['list', undef, 'journal', 'list', $path],
        ['show', undef, 'journal', 'show', @named, $place->{items}[0]],
        ['why', undef, 'why', @named, "SO-$place->{items}[0]/10"],
        ['report', undef, 'report', @named, '--since', '3600d']);
}

sub bad_look {
    my ($case, $place, $look) = @_;
    my ($name, $codes, @words) = @$look;
    my ($code, $out, $err) = try($name, @words);
    my $lines = $err =~ tr/\n//;
    $codes //= $case->{look};
    $codes = $case->{verify} // $codes if $name eq 'verify';
    return "$name: exit $code: $err"
        if $code !~ $codes && !($code == 2 && $err =~ /no item|nothing|no such/);
    return "$name: exit $code and nothing said" if $code != 0 && $err eq '';
    return "$name: says $lines lines: $err" if $lines > 3;
    return ();
}

sub received {
    my ($place) = @_;
    my $all = ledger($place->{mock});
    my $n = 0;
    $n += @{ $all->{$_} // [] } for @{ $place->{items} };
    return $n;
}

sub one {
    my ($number) = @_;
    my $case = $cases[ $number->{n} ];
    my $mock = worker_mock();
    undef $template if $template && $template->{mock} != $mock;
    $template //= make_template($mock);
    my $items = $template->{items};
    my $place = fresh("case$$-$number->{n}", $mock, at_once => 4);
    $place->{items} = [@$items, @{ $place->{items} }];
    system 'cp', '-p', (map {"$template->{path}/$_"} 'journal.db',
        'journal.db.notes'), $place->{path};
    make($case, $place);
    my $before = received($place);
    my @bad = map { bad_look($case, $place, $_) } looks($place);
    my ($code, $out, $err) = try('run', 'run', "$place->{path}/rules.lua",
        "$place->{path}/lines.csv");
    push @bad, "the run: exit $code: $err" if $code !~ $case->{run};
    push @bad, "the run: exit $code and nothing said"
        if $code =~ /^[27]$/ && $err eq '';
    push @bad, 'it was sent' if $case->{still} && received($place) != $before;
    push @bad, map { bad_look($case, $place, $_) } (looks($place))[0, 1];
    system 'rm', '-rf', $place->{path};
    return { title => $case->{title}, bad => \@bad };
}

cmp_ok(scalar @cases, '>=', 80, @cases . ' journals');
my @answers = in_parallel(\&one, every(is_asan() ? 0.5 : 1,
    map { { n => $_, title => $cases[$_]{title} } } 0 .. $#cases));
for my $answer (sort { $a->{title} cmp $b->{title} } @answers) {
    is_deeply($answer->{bad}, [], $answer->{title});
}
done_testing;
