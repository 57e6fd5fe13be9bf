#!/usr/bin/perl
# Words that a terminal obeys, planted wherever words of others come from: in
# every text of a journal, in the names of a folder, a script and an input, in
# a profile, in what a script says, on the command line. Whatever a command
# prints, it prints lines of plain text: no control character but the line end,
# nothing that turns or hides, no byte that is no UTF-8, no forged line.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Encode qw(decode FB_CROAK);
use File::Copy qw(copy);
use Test::More;

alarm 600;

my $odd = "a\e[2Jb\xC2\x9B31mc\xE2\x80\xAEd\rFORGED e\x01\x7F f\xFF\xE2\x80\xA8g";
my $plant = "$odd\nFORGED h\xEF\xBB\xBF\t\xC2\xADi";

# A CSV's line ends and its first three bytes are its format's, a tab is data.
sub faults_of {
    my ($bytes) = @_;
    my $text = eval { decode('UTF-8', my $copy = $bytes, FB_CROAK) };
    return 'no UTF-8' if !defined $text;
    return sprintf 'U+%04X after "%s"', ord $2, substr $1, -40
        if $text =~ /^(.*?)([^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}\x{FE00}-\x{FE0F}])/s;
    return "forged: $1" if $text =~ /^(FORGED.*)/m;
    return '';
}

# What a command says, whatever it is.
sub plain {
    my ($title, @command) = @_;
    my ($code, $out, $err) = omnitron(@command);
    if ($title =~ /csv/) {
        $out =~ s/^\xEF\xBB\xBF//;
        $out =~ s/\r\n/\n/g;
        $out =~ tr/\t/ /; # a cell has it as it is
    }
    is(faults_of($out), '', "$title: stdout is plain");
    is(faults_of($err), '', "$title: stderr is plain");
    cmp_ok(length "$out$err", '>', 0, "$title: says something")
        if $title !~ /silent/;
    cmp_ok($code, '>=', 0, "$title: ends by itself") or diag($err);
    print STDERR "$title\n$out\n$err\n" if $ENV{PLANTED_SHOW};
    return ($code, $out, $err);
}

# --- a journal

my $acme = folder() . '/acme';
omnitron('init', $acme);
spill("$acme/profile.lua", <<'END');
return { url = "http://127.0.0.1:1", token_file = "token" }
END
spill("$acme/token", "token\n", 0600);
spill("$acme/rules.lua", <<'END');
return function(row)
  if row.what == "later" then return nil, "not yet", "later" end
  if row.what == "skip" then return nil, "never" end
  if row.what == "failed" then error("it failed") end
  return { order_item_id = row.item, code = row.code, update_stock = true }
end
END
spill("$acme/lines.csv", join "\n", 'item;code;what', '1;A/1;', '2;A/2;',
    '99999;A/3;', '4;A/4;later', '5;A/5;skip', '6;A/6;failed', '7; ;', '');
my $journal = "$acme/journal.db";
omnitron('run', '--mock', '--journal', $journal, "$acme/rules.lua",
    "$acme/lines.csv");
spill("$acme/more.csv", "item;code;what\n1;B/1;\n");
omnitron('run', '--mock', '--journal', $journal, "$acme/rules.lua",
    "$acme/more.csv");
omnitron('journal', 'cancel', '--journal', $journal, 99999, '--note', 'n');
omnitron('journal', 'retry', '--journal', $journal, 99999, '--note', 'n');
omnitron('remember', '--journal', $journal, 'key', 'value');

sub sql {
    my ($statement) = @_;
    open my $in, '|-', 'sqlite3', '-batch', $journal or die "sqlite3: $!\n";
    print {$in} $statement;
    close $in;
}

sub columns {
    my @found;
    for my $table (split ' ', `sqlite3 '$journal' "SELECT name FROM
            sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"`) {
        for (split /\n/, `sqlite3 '$journal' 'PRAGMA table_info($table)'`) {
            my (undef, $name, $type) = split /\|/;
            push @found, [$table, $name, $type] if $type =~ /^(TEXT|BLOB)$/;
        }
    }
    return @found;
}

my @columns = columns();
cmp_ok(scalar @columns, '>', 25, 'the columns are found');
my $hex = unpack 'H*', $plant;
my $short = unpack 'H*', "a\e[2Jb\nFORGED"; # fits a narrow column
spill("$acme/kept.db", slurp($journal));

my @readers = (
    [list => 'journal', 'list'], ['list json' => 'journal', 'list', '--json'],
    [open => 'journal', 'open'], ['show 1' => 'journal', 'show', 1],
    ['show 3' => 'journal', 'show', 99999],
    ['show json' => 'journal', 'show', 1, '--json'],
    [verify => 'journal', 'verify'],
    ['verify json' => 'journal', 'verify', '--json'],
    ['export csv' => 'journal', 'export', '--csv'],
    ['export json' => 'journal', 'export', '--json'],
    ['why 1' => 'why', 1], ['why 99999' => 'why', 99999], ['why 7' => 'why', 7],
    ['why a line' => 'why', 'lines.csv:5'], ['why code' => 'why', 'A/2'],
    ['why name' => 'why', $plant], ['why json' => 'why', '--json', 1],
    [report => 'report'], ['report json' => 'report', '--json'],
    ['report html' => 'report', '--html', '-'], [recall => 'recall'],
    ['recall key' => 'recall', 'key'], ['recall other' => 'recall', $odd],
    ['recall json' => 'recall', '--json'],
    ['plan' => 'plan', "$acme/rules.lua", "$acme/lines.csv"],
    ['plan json' => 'plan', '--json', "$acme/rules.lua", "$acme/lines.csv"],
    [doctor => 'doctor'],
);

sub read_all {
    my ($what) = @_;
    for (@readers) {
        my ($title, @command) = @$_;
        my @named = $title =~ /^(plan|doctor)/
            ? ('--profile', "$acme/profile.lua") : ('--journal', $journal);
        my $word = shift @command;
        plain("$what, $title", $word, @named, @command);
    }
}

# All of them at once, and then each in turn, for one may hide another.
sql(join "\n", map { "UPDATE OR IGNORE $_->[0] SET $_->[1] ="
    . " CAST(X'$hex' AS $_->[2]);" } @columns);
read_all('every text');
sql(join "\n", map { "UPDATE OR IGNORE $_->[0] SET $_->[1] ="
    . " CAST(X'$short' AS $_->[2]);" } @columns);
read_all('every text, short');
for (@columns) {
    my ($table, $column, $type) = @$_;
    unlink glob "$journal-*";
    spill($journal, slurp("$acme/kept.db"), 0600);
    sql("UPDATE OR IGNORE $table SET $column = CAST(X'$hex' AS $type);");
    for (@readers[0, 2, 3, 4, 10, 11, 17, 20]) {
        my ($title, $word, @command) = @$_;
        plain("$table.$column, $title", $word, '--journal', $journal, @command);
    }
}

# --- what changes it, and what is beside it

spill($journal, slurp("$acme/kept.db"), 0600);
sql("UPDATE release SET name = CAST(X'$hex' AS TEXT), message ="
    . " CAST(X'$hex' AS TEXT), source = CAST(X'$hex' AS TEXT);");
spill("$journal.lock", "process 1\nstarted 1\nscript $odd\n", 0600);
spill("$journal.notes", "said $odd\nlogins $odd\n$plant\n", 0600);
my @named = ('--journal', $journal);
plain('settle', 'journal', 'settle', @named, 1, '--done', '--note', $plant);
plain('settle a word', 'journal', 'settle', @named, $plant, '--done',
    '--note', 'n');
plain('retry', 'journal', 'retry', @named, 99999, '--note', $plant);
plain('cancel', 'journal', 'cancel', @named, 99999, '--note', $plant);
plain('prune', 'journal', 'prune', @named);
plain('remember silent', 'remember', @named, "k$odd", $plant);
plain('recalled', 'recall', @named);
plain('forget silent', 'forget', @named, "k$odd");
plain('backup', 'journal', 'backup', @named, "$acme/none/$odd");
{
    open my $lock, '<', "$journal.lock" or die;
    flock $lock, 2;
    plain('held', 'run', '--mock', @named, "$acme/rules.lua",
        "$acme/lines.csv");
    plain('held settle', 'journal', 'settle', @named, 2, '--done', '--note',
        'n') if 0; # waits for ten seconds
}

# --- names

my $name = "we'ird $odd\nFORGED";
my $weird = folder() . "/$name";
mkdir $weird or die "mkdir: $!\n";
for (qw(profile.lua rules.lua lines.csv token)) {
    copy("$acme/$_", "$weird/$_") or die "copy: $!\n";
}
chmod 0600, "$weird/token";
my ($script, $lines) = ("$weird/$name.lua", "$weird/$name.csv");
copy("$acme/rules.lua", $script);
copy("$acme/lines.csv", $lines);
spill("$weird/x_test.lua", "test(" . lua($plant) . ", function() error("
    . lua($plant) . ") end)");
copy("$weird/x_test.lua", "$weird/${name}_test.lua");

# A text as Lua reads it.
sub lua {
    return '"' . join('', map { sprintf '\\x%02X', ord } split //, $_[0]) . '"';
}

plain('no journal', 'run', $script, $lines);
plain('new', 'journal', 'new', $weird);
plain('new again', 'journal', 'new', $weird);
for my $how ([], ['-v'], ['-q'], ['--log-format', 'json'], ['--json'],
    ['--summary', '/dev/stdout'], ['--metrics', '/dev/stdout'],
    ['--summary', "$weird/none/x"], ['--metrics', "$weird/none/x"],
    ['--log-file', "$weird/none/x"], ['--only', $plant], [$plant],
    ["--$plant"], ['--deadline', $plant], ['--ping', "http://$plant"])
{
    my $which = join ' ', 'run', map { s/[^-\/a-z]+.*//sr } @$how;
    plain("$which silent", 'run', '--mock', @$how, $script, $lines);
    plain("$which plan silent", 'plan', '--mock', @$how, $script, $lines);
}
plain('refused by the network', 'run', $script, $lines);
plain('refused again', 'run', '--log-file', "$weird/log", $script, $lines);
is(faults_of(slurp("$weird/log")), '', 'the log file is plain');
plain('check silent', 'check', $script);
plain('check none', 'check', "$weird/none$odd.lua");
plain('test', 'test', $weird);
plain('doctor', 'doctor', $weird);
plain('cron', 'cron', $script);
plain('cron service', 'cron', '--print', 'service', $script);
plain('repl silent', 'repl', $weird);
for my $word (qw(list open verify)) {
    plain("$word silent", 'journal', $word, $weird);
}
plain('no command', $plant);
plain('no option', "--$plant");
plain('init', 'init', $plant);
plain('init --from', 'init', 'x', '--from', $plant);
plain('help', 'help', $plant);
plain('mock', 'mock', '--fault', $plant);
plain('mock serve', 'mock', '--serve', "$weird/none");
for my $word (qw(run plan check test doctor why report recall cron repl)) {
    plain("$word, no file", $word, "$weird/none");
    plain("$word, --profile", $word, '--profile', "$weird/none", $script);
    plain("$word, --journal", $word, '--journal', "$weird/none", 1);
}

# What is suggested can be typed: the folder's name, as bash reads it.
{
    my (undef, $out) = omnitron('journal', 'open', $weird);
    my (undef, $said) = omnitron('doctor', $weird);
    my ($quoted) = $said =~ /omnitron doctor (\$'(?:[^'\\]|\\.)*')/;
    SKIP: {
        ok(defined $quoted, 'doctor: a command is suggested') or skip $said, 1;
        spill(folder() . '/echo.sh', "printf %s $quoted");
        is(scalar `bash '@{[folder()]}/echo.sh'`, $weird,
            'and bash reads the name as it is');
    }
}

# --- a profile

for my $line ('url = %s', 'url = "https://" .. %s', 'token_file = %s', '[%s] = 1',
    'prefix = %s', 'journal = %s', 'first_look = "/api/" .. %s', 'timeout = %s',
    'when_unknown = %s', 'modules = { %s }', 'ca_file = %s', 'proxy = %s',
    'username = %s', 'password_file = %s', 'memory = %s', 'error(%s)',
    'x = env(%s)', 'x = secret(%s)', 'settings = { [%s] = print }')
{
    my $text = sprintf $line, lua($plant);
    my @lines = ('url = "http://127.0.0.1:1"', 'token_file = "token"');
    $text =~ /^(\w+)/;
    @lines = grep { !/^$1/ } @lines;
    spill("$acme/profile.lua", 'return {' . join(', ', @lines, $text) . '}');
    spill("$acme/profile.lua", "$text\n") if $text =~ /^(error|x)/;
    my $title = "profile, $line";
    plain("$title, doctor", 'doctor', $acme);
    plain("$title, run", 'run', "$acme/rules.lua", "$acme/lines.csv");
    plain("$title, plan silent", 'plan', "$acme/rules.lua", "$acme/lines.csv");
    plain("$title, cron", 'cron', "$acme/rules.lua");
    plain("$title, open silent", 'journal', 'open', $acme);
}
spill("$acme/profile.lua",
    'return { url = "http://127.0.0.1:1", token_file = "token" }');

# --- a script

my $value = lua($plant);
my %scripts = (
    'an error' => "error($value)",
    'an error object' => "error(setmetatable({}, { __tostring = function()"
        . " return $value end }))",
    'a log line' => "log.warn($value, { [$value] = $value })"
        . " log.error($value) log.info($value)",
    'reasons' => "return function() return nil, $value, \"later\" end",
    'skips' => "return function() return nil, $value end",
    'failures' => "return function() error($value) end",
    'no release' => "return function() return { [$value] = $value } end",
    'codes' => "return function(row) return { order_item_id = row.item,"
        . " code = $value } end",
    'items' => "return function(row) return { order_item_id = $value,"
        . " code = \"x\" } end",
    'names' => "return function() return nil, \"no\", \"later\" end,"
        . " { name = function() return $value end }",
    'an option' => "return function() end, { [$value] = 1 }",
    'a module' => "require($value)",
    'a file' => "assert(loadfile($value))",
    'a missing input' => "for _ in csv.rows($value) do end",
    'an encoding' => "for _ in csv.rows { path = \"x\", encoding = $value }"
        . ' do end',
    'a folder' => "assert(fs.list($value, \"*\"))",
    'a url' => "assert(http.get($value))",
    'a host' => "assert(http.get(\"http://\" .. $value))",
    'a time' => "time.parse($value)",
    'json' => "json.decode($value)",
    'a key' => "omnitron.remember($value, $value) error(omnitron.recall($value))",
    'a path' => "assert(omnitron.get($value))",
    'a syntax' => "$odd",
    'a global' => "return " . $odd =~ s/[^a-z]//gr . "(\"$odd\")",
);
for my $title (sort keys %scripts) {
    my $path = "$acme/script.lua";
    spill($path, $scripts{$title});
    plain("$title, run silent", 'run', '--mock', $path, "$acme/lines.csv");
    plain("$title, -v silent", 'run', '-v', '--mock', $path,
        "$acme/lines.csv");
    plain("$title, json silent", 'run', '--log-format', 'json', '--mock',
        '--log-file', "$acme/log", $path, "$acme/lines.csv");
    is(faults_of(slurp("$acme/log") // ''), '', "$title: log");
    plain("$title, plan silent", 'plan', '--mock', $path, "$acme/lines.csv");
    plain("$title, plan --json silent", 'plan', '--json', '--mock', $path,
        "$acme/lines.csv");
    plain("$title, check silent", 'check', $path);
    spill("$acme/s_test.lua", "test($value, function()\n"
        . ($scripts{$title} =~ s/^return//r =~ s/^ function/_ = function/r)
        . "\nend)");
    plain("$title, test", 'test', "$acme/s_test.lua");
}

# --- a terminal

sub on_terminal {
    my ($colour, @words) = @_;
    local $ENV{TERM} = 'xterm';
    local $ENV{NO_COLOR} = $colour ? '' : '1';
    my $command = join ' ', map { "'" . s/'/'\\''/gr . "'" }
        $ENV{OMNITRON}, @words;
    my $got = `script -qec "\$COMMAND" /dev/null </dev/null` if
        $ENV{COMMAND} = $command;
    return $got =~ s/\r\n/\n/gr;
}

SKIP: {
    skip 'script is not installed', 4 if system('which script >/dev/null') != 0;
    spill("$acme/script.lua", "print($value) io.stderr:write('')");
    my $got = on_terminal(0, 'run', '-q', '--mock', "$acme/script.lua");
    unlike($got, qr/\e\[2J|\xC2\x9B|\xE2\x80\xAE|\xFF/,
        'print on a terminal: nothing to obey');
    like($got, qr/a\\x1B\[2Jb/, 'print on a terminal: shown escaped');
    my ($code, $out) = omnitron('run', '--mock', "$acme/script.lua");
    is($out, "$plant\n", 'print into a file: as it is');
    spill("$acme/script.lua", "return function() error($value) end");
    $got = on_terminal(1, 'run', '--mock', "$acme/script.lua",
        "$acme/lines.csv");
    $got =~ s/\r?\e\[K|\e\[(0|31|32|33)m//g;
    is(faults_of($got =~ s/\r//gr), '', 'a run on a terminal');
}

done_testing;
