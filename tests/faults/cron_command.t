#!/usr/bin/perl
# omnitron cron: what it prints is taken by crontab and by systemd-analyze
# without a word; the command in it, read as cron and as systemd read it, does
# the work; and what the service forbids the run does not need.
use strict;
use warnings;
use Cwd 'getcwd';
use File::Temp 'tempdir';
use FindBin;
use lib $FindBin::Bin;
use POSIX ();
use Rig;
use Test::More;

delete $ENV{TERM};
$ENV{TZ} = 'UTC';
alarm 300;

my $mock = start_mock('--items', '1-999999');
my $script = 'assert(omnitron.release{ order_item_id = ITEM, '
    . 'code = "SO-ITEM" })';
my $item = 0;

sub acme {
    my ($name, @lines) = @_;
    my $acme = customer($name, 'mock', qq(url = "$mock->{url}"),
        @lines ? @lines : 'token_file = "token"');
    spill("$acme/release.lua", $script =~ s/ITEM/++$item; $item/er
        =~ s/ITEM/$item/r);
    return $acme;
}

sub is_done {
    my ($title, $code, $out, $err) = @_;
    is("$code $out$err", '0 ', "$title: it works");
    is(scalar @{ ledger($mock)->{$item} // [] }, 1, "$title: and releases");
}

# What is printed; the program under the name that is given.
sub cron_by {
    my ($program, @words) = @_;
    return finish(spawn('cron', $program, 'cron', @words));
}

sub cron {
    my ($code, $out, $err) = cron_by($ENV{OMNITRON}, @_);
    is("$code$err", '0', "cron: exit 0");
    return $out;
}

sub piece {
    my ($which, @words) = @_;
    return cron('--print', $which, @words);
}

# The values of a unit's key; those of a list one after the other.
sub values_of {
    my ($unit, $key) = @_;
    return $unit =~ /^\Q$key\E=(.*)$/mg;
}

# systemd.syntax(7) and systemd.unit(5): words, quotes, %%.
sub unit_words {
    my ($line) = @_;
    my @words;
    die "two commands in $line\n" if $line =~ /\s;(?:\s|\z)/;
    while ($line =~ /\G\s*((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"'\\])+)
        (?=\s|\z)/gcx)
    {
        my $word = $1;
        $word =~ s/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/
            (defined $1 ? $1 : $2) =~ s{\\(.)}{$1}gr/ge;
        die "a specifier in $line\n" if $word =~ /(?<!%)(?:%%)*%(?!%)/;
        push @words, $word =~ s/%%/%/gr;
    }
    $line =~ /\G\s*\z/gc or die "not words: $line\n";
    return @words;
}

# ExecStart: besides, a variable is put in for $NAME, but not in the first.
sub exec_words {
    my ($unit) = @_;
    my ($program, @words) = unit_words((values_of($unit, 'ExecStart'))[0]);
    for (@words) {
        die "a variable in $_\n" if /(?<!\$)(?:\$\$)*\$(?!\$)/;
        s/\$\$/\$/g;
    }
    return ($program, @words);
}

# The last line of a crontab: the times, and what cron hands to sh.
sub crontab_command {
    my ($text) = @_;
    my ($line) = $text =~ /^([^#\n].*)\n\z/m or die "no line: $text\n";
    my ($times, $command) = $line =~ /^((?:\S+ ){5})(.*)$/ or die "$line\n";
    $command =~ s/^put-a-user-here // if $> == 0; # root's files, root's tests
    die "an input in $command\n" if $command =~ /(?<!\\)%/;
    return ($times =~ s/ $//r, $command =~ s/\\%/%/gr);
}

# With what cron and systemd give a process, which is little.
sub run_bare {
    my ($folder, $env, @command) = @_;
    my $was = getcwd();
    chdir $folder or die "$folder: $!\n";
    my @result = finish(spawn('bare', 'env', '-i', 'PATH=/usr/bin:/bin',
        @$env, @command));
    chdir $was;
    return @result;
}

# The option with which this crontab only looks; undef: it has none.
my ($look) = grep {
    system("echo '* * * * * true' | crontab $_ - >/dev/null 2>&1") == 0
} '-T', '-n';
diag('this crontab cannot only look') if !$look;

sub looked_at {
    my ($text) = @_;
    my $file = folder() . '/crontab';
    spill($file, $text);
    my ($code, $out, $err) = finish(spawn('crontab', 'crontab', $look, $file));
    return $code == 0 ? '' : "$out$err";
}

sub crontab_takes {
    my ($title, $text) = @_;
    is($look ? looked_at($text) : '', '', "$title: crontab takes it");
}

sub verify {
    my ($name, %pieces) = @_;
    my $folder = tempdir(CLEANUP => 1);
    spill("$folder/$name.$_", $pieces{$_}) for keys %pieces;
    my ($code, $out, $err) = finish(spawn('verify', 'systemd-analyze',
        'verify', map {"$folder/$name.$_"} sort keys %pieces));
    return "$code$out$err";
}

# What the tools must not let pass.
my $acme = acme('acme');
{
    my $service = piece('service', "$acme/release.lua");
    for my $wrong (['Type=exec', 'Type=exex'], ['UMask', 'UMsk'],
        [$ENV{OMNITRON}, "$ENV{OMNITRON}-none"])
    {
        my ($from, $to) = @$wrong;
        isnt(verify('wrong', service => $service =~ s/\Q$from/$to/r), '0',
            "systemd-analyze finds $to");
    }
    isnt($look ? looked_at("*/5 * * * x true\n") : 'x', '',
        'crontab finds a wrong line');
}

# All three, alone and together.
{
    my $all = cron("$acme/release.lua");
    my %piece = map { $_ => piece($_, "$acme/release.lua") }
        qw(crontab service timer);
    is(index($all, $piece{$_}) >= 0, 1, "$_ is in the whole")
        for sort keys %piece;
    is(scalar(grep { length > 80 && /^#/ } split /\n/, $all), 0,
        'comments fit a terminal');
    crontab_takes('plain', $piece{crontab});
    my ($times, $command) = crontab_command($piece{crontab});
    is($times, '*/5 * * * *', 'every 5 minutes');
    is($command, "$ENV{OMNITRON} run --deadline 50m $acme/release.lua",
        'plain: nothing is quoted');
    is_done('plain, by cron', run_bare('/', [], 'sh', '-c', $command));
    is(verify('omnitron-acme', service => $piece{service},
            timer => $piece{timer}), '0', 'plain: systemd takes it');
    like($piece{timer}, qr{^# /etc/systemd/system/omnitron-acme\.timer$}m,
        'the timer says where it belongs');
    like($piece{timer}, qr{^#\s+systemctl enable --now omnitron-acme\.timer$}m,
        'and how it begins');
    is((values_of($piece{service}, 'SuccessExitStatus'))[0], '5 11 143',
        'where nobody has to act is no failure');
    unlike($piece{service}, qr/LoadCredential/, 'the profile has the token');
    cmp_ok((values_of($piece{service}, 'RuntimeMaxSec'))[0], '>', 50 * 60,
        'the deadline comes first');
}

# Names with everything in them that a shell, cron or systemd would read.
{
    my $odd = q(a 'c' "m" % %h $HOME ${x};&*é);
    my $bin = folder() . '/b in %n $x';
    mkdir $bin or die "$bin: $!\n";
    symlink $ENV{OMNITRON}, "$bin/omni tron" or die "symlink: $!\n";
    my $here = acme($odd);
    my $file = "$here/re lease%1.lua";
    rename "$here/release.lua", $file or die "rename: $!\n";
    mkdir "$here/m" or die "$here/m: $!\n";
    my @words = ('--profile', "$here/profile.lua", '--metrics',
        "$here/m/x y.prom", '--ping', 'http://127.0.0.1:9/x%2Fy?a=1&b=$z',
        $file, '--', '--only', 'x y');
    my %piece;
    for my $which (qw(crontab service timer)) {
        my ($code, $out, $err)
            = cron_by("$bin/omni tron", '--print', $which, @words);
        is("$code$err", '0', "odd names: $which");
        $piece{$which} = $out;
    }
    my @want = ("$bin/omni tron", 'run', '--deadline', '50m', @words);
    crontab_takes('odd names', $piece{crontab});
    my (undef, $command) = crontab_command($piece{crontab});
    my ($code, $out) = finish(spawn('words', 'sh', '-c',
        "printf '%s\\n' $command"));
    is($out, join('', map {"$_\n"} @want), 'odd names: the words, by sh');
    is_done('odd names, by cron', run_bare('/', [], 'sh', '-c', $command));
    like(slurp("$here/m/x y.prom"), qr/^omnitron_run_exit_code\S.* 0$/m,
        'odd names: --metrics');

    is(verify('omnitron-odd', service => $piece{service},
            timer => $piece{timer}), '0', 'odd names: systemd takes them');
    is_deeply([exec_words($piece{service})], \@want,
        'odd names: the words, by systemd');
    my ($folder) = values_of($piece{service}, 'WorkingDirectory');
    is($folder =~ s/%%/%/gr, $here, 'odd names: the folder');
    is_deeply([unit_words((values_of($piece{service}, 'ReadWritePaths'))[0])],
        [$here], 'odd names: what it may write to');
    ($code, $out, my $err) = run_bare($here, [], exec_words($piece{service}));
    is("$code $out$err", '0 ', 'odd names, by systemd: it works');
}

# What a script is given; a file's name is made absolute.
{
    my $was = getcwd();
    my $lines = items_file('some lines.csv', ++$item);
    chdir folder() or die;
    my @words = ("acme/rules.lua", 'some lines.csv');
    my (undef, $command) = crontab_command(piece('crontab', @words));
    my @given = (exec_words(piece('service', "$acme/release.lua", '--every',
        '1h', 'some lines.csv', 'none.csv', '', ';', '--', '-x')));
    chdir $was;
    is_done('a rule and its file', run_bare('/', [], 'sh', '-c', $command));
    is_deeply([@given[5 .. $#given]], ['--', $lines, 'none.csv', '', ';', '-x'],
        'the words after the script');
}

# How often.
my %every = ('1m' => 60, '2m' => 120, '5m' => 300, '12m' => 720,
    '30m' => 1800, '60m' => 3600, '1h' => 3600, '6h' => 21600,
    '12h' => 43200, '1d' => 86400, '24h' => 86400);
for my $every (sort keys %every) {
    my $timer = piece('timer', '--every', $every, "$acme/release.lua");
    my ($when) = values_of($timer, 'OnCalendar');
    my ($code, $out) = finish(spawn('calendar', 'systemd-analyze', 'calendar',
        '--iterations=2', $when));
    my @at = $out =~ /(?:Next elapse|Iter(?:\.|ation) #2): \w+ (\S+ \S+) UTC/g;
    my @s = map { POSIX::mktime(reverse(/(\d+)/g)) } map {
        my ($y, $m, $d, @t) = /(\d+)/g;
        join ' ', $y - 1900, $m - 1, $d, @t
    } @at;
    is(@s == 2 ? $s[1] - $s[0] : $out, $every{$every}, "$every by systemd");
    my ($delay) = values_of($timer, 'RandomizedDelaySec');
    cmp_ok($delay * 10, '<=', $every{$every}, "$every: the delay is small");
    my $crontab = piece('crontab', '--every', $every, "$acme/release.lua");
    crontab_takes($every, $crontab);
    is(interval((crontab_command($crontab))[0]), $every{$every},
        "$every by cron");
}

# Seconds between two starts; 0 when they are not all alike.
sub interval {
    my ($minute, $hour) = split / /, $_[0];
    my @starts;
    for my $at (0 .. 2 * 1440 - 1) {
        my %now = (m => $at % 60, h => int($at / 60) % 24);
        push @starts, $at if fits($minute, $now{m}) && fits($hour, $now{h});
    }
    my %gaps = map { $starts[$_] - $starts[$_ - 1] => 1 } 1 .. $#starts;
    return keys %gaps == 1 ? 60 * (keys %gaps)[0] : 0;
}

sub fits {
    my ($field, $n) = @_;
    return $n % $1 == 0 if $field =~ m{^\*/(\d+)$};
    return $field eq '*' || $field eq $n;
}

# What there is no line for.
my $quoted = folder() . "/omni'tron";
symlink $ENV{OMNITRON}, $quoted or die "symlink: $!\n";
my $bare = folder() . '/bare';
mkdir $bare;
spill("$bare/release.lua", '');
mkdir "$bare/x\ny";
spill("$bare/x\ny/$_", 'return { url = "https://a.example" }')
    for qw(release.lua profile.lua);
my $nowhere = acme('nowhere');
spill("$nowhere/profile.lua", 'return {}');
my $long = folder();
for (1 .. 9) {
    $long .= '/' . 'x' x 120;
    mkdir $long or die "$long: $!\n";
}
spill("$long/release.lua", '');
spill("$long/profile.lua", 'return { url = "https://a.example" }');
for (
    [['--every', '7m', "$acme/release.lua"], qr/divide an hour or a day/],
    [['--every', '90m', "$acme/release.lua"], qr/divide an hour or a day/],
    [['--every', '5h', "$acme/release.lua"], qr/divide an hour or a day/],
    [['--every', '2d', "$acme/release.lua"], qr/divide an hour or a day/],
    [['--every', '30s', "$acme/release.lua"], qr/divide an hour or a day/],
    [['--every', 'often', "$acme/release.lua"], qr/--every/],
    [['--print', 'anacron', "$acme/release.lua"], qr/crontab, service or/],
    [['--ping', 'ftp://x/y', "$acme/release.lua"], qr/--ping must begin/],
    [["$acme/release.lua", '--only', '46761'], qr/no option --only here/],
    [["$acme/release.lua", '--only=1'], qr/no option --only=1 here.*put --/],
    [['--metrics', '/nowhere/x', "$acme/release.lua"], qr/cannot find/],
    [["$acme/none.lua"], qr/cannot open .*none\.lua/],
    [[], qr/needs a script/],
    [["$acme/release.lua", "a\\b"], qr/backslash/],
    [["$acme/release.lua", ('x') x 33], qr/at most 32 words/],
    [["$bare/release.lua"], qr/no profile\.lua beside/],
    [["$nowhere/release.lua"], qr/has no url/],
    [["$bare/x\ny/release.lua"], qr/control character/],
    [["$acme/release.lua", "\xFF"], qr/not UTF-8/],
    [["$long/release.lua"], qr/longer than the 998 bytes/],
    [["$acme/release.lua"], qr/no quote in the name of a program/, $quoted],
    )
{
    my ($words, $says, $program) = @$_;
    my ($code, $out, $err) = cron_by($program // $ENV{OMNITRON}, @$words);
    is("$code$out", '2', "exit 2: $says");
    like($err, $says, 'and why');
    is($err =~ tr/\n//, 1, 'in one line');
}

# Whose it is, where it is, and what a unit must not hide.
{
    my $here = tempdir('cron-XXXXXX', DIR => $ENV{BUILD}, CLEANUP => 1);
    spill("$here/release.lua", '');
    spill("$here/profile.lua", 'return { url = "https://acme.example", '
        . 'journal = "' . folder() . '/acme/journal.db" }');
    my $unit = piece('service', "$here/release.lua");
    is_deeply([unit_words((values_of($unit, 'ReadWritePaths'))[0])],
        [$here, $acme], 'the journal elsewhere');
    unlike($unit, qr/^PrivateTmp=yes$/m, 'in /tmp: it is not hidden')
        if folder() =~ m{^/tmp/};

    # Without a token_file it is systemd's to give.
    spill("$here/profile.lua", 'return { url = "https://acme.example" }');
    $unit = piece('service', "$here/release.lua");
    is(join(' ', $unit =~ /^(PrivateTmp=\S+)$/m),
        $here =~ m{^(/var)?/tmp/} ? '' : 'PrivateTmp=yes', 'PrivateTmp');
    is(join(' ', values_of($unit, 'ProtectHome')),
        $here =~ m{^/(home|root|run/user)/} ? 'read-only' : 'yes',
        'ProtectHome');
    my ($given) = values_of($unit, 'LoadCredential');
    like($given, qr{^omnitron-token:/etc/credstore/omnitron-[\w.-]+\.token$},
        'LoadCredential');
    is(verify('omnitron-x', service => $unit), '0', 'systemd takes it');
    like(piece('crontab', "$here/release.lua"), qr/^# cron has no token/m,
        'cron cannot give one, and the line says so');

    my $none = acme('none', 'first_look = "/api/i1/orders/?limit=1"');
    my $credentials = tempdir(CLEANUP => 1);
    spill("$credentials/omnitron-token", "mock\n", 0400);
    $unit = piece('service', "$none/release.lua");
    my ($code) = run_bare($none, [], exec_words($unit));
    is($code, 2, 'without the credential: exit 2');
    my @with = run_bare($none, ["CREDENTIALS_DIRECTORY=$credentials"],
        exec_words($unit));
    like($with[2], qr/^none: runs begin again after /, 'with it: news');
    is_done('with it', @with[0, 1], '');
    my $user = acme('user', 'username = "mock"', 'password_file = "token"');
    unlike(piece('service', "$user/release.lua"), qr/LoadCredential/,
        'a profile that logs in needs none');
}

# Another's journal is worked on by its owner.
SKIP: {
    skip 'root alone can give a file away', 3 if $> != 0;
    my $theirs = acme('theirs');
    like(piece('service', "$theirs/release.lua"), qr/^#   chown -R USER: \Q$theirs\E
User=put-a-user-here$/m, 'root is no User=');
    like(piece('crontab', "$theirs/release.lua"),
        qr{^# For /etc/crontab.*^#   chown -R USER: \Q$theirs\E$
            .*^\S+(?:\ \S+){4}\ put-a-user-here\ /}msx, 'nor in a crontab');
    chown 65534, 65534, "$theirs/journal.db";
    is((values_of(piece('service', "$theirs/release.lua"), 'User'))[0],
        scalar getpwuid 65534, 'User= is the owner of the journal');
}

# How exposed it is, by systemd's own word: of 10, less than 2.
SKIP: {
    skip 'this systemd-analyze needs a system that runs', 1
        if `systemd-analyze --help` !~ /--offline/;
    my $folder = tempdir(CLEANUP => 1);
    my $unit = piece('service', "$acme/release.lua");
    spill("$folder/omnitron-acme.service", $unit =~ s/^(Type=.*)/$1\nUser=daemon/mr);
    my ($code, $out, $err) = finish(spawn('security', 'systemd-analyze',
        'security', '--offline=true', "$folder/omnitron-acme.service"));
    my ($level) = $out =~ /exposure level for \S+: ([\d.]+)/;
    cmp_ok($level // 10, '<', 2, 'systemd-analyze security') or diag($out);
}

# The system calls that a list of the unit's stands for.
sub calls_in {
    my ($name, $seen) = @_;
    return $name if $name !~ /^@/;
    return () if $seen->{$name}++;
    my ($code, $out) = finish(spawn('filter', 'systemd-analyze',
        'syscall-filter', $name));
    return map { calls_in($_, $seen) }
        grep { !/^#/ } map { /^\s+(\S+)/ ? $1 : () } split /\n/, $out;
}

# A whole run under strace: nothing that it needs is forbidden.
SKIP: {
    skip 'the sanitizers have calls of their own', 6 if is_asan();
    my $here = acme('traced');
    my $log = folder() . '/trace';
    my $unit = piece('service', '--metrics', "$here/m.prom", '--ping',
        "$mock->{url}/x", "$here/release.lua");
    is_done('traced', run_bare($here, [], 'strace', '-f', '-o', $log,
        exec_words($unit)));
    my %allowed = map { $_ => 1 } calls_in('@default', {});
    for (map { split / / } values_of($unit, 'SystemCallFilter')) {
        my ($deny, $name) = /^(~?)(.*)$/ ? ($1, $2) : ();
        my ($state) = $deny ne '' || $allowed{'~'} ? 0 : 1;
        $allowed{'~'} = $deny ne '' || $allowed{'~'};
        $allowed{$_} = $state for calls_in($name, {});
    }
    my (%used, @families, @executable, @written);
    for (split /\n/, slurp($log)) {
        /^\d+ +(\w+)\((.*)/ or next;
        my ($call, $rest) = ($1, $2);
        $used{$call}++;
        push @families, $1 if $call =~ /^socket/ && $rest =~ /^(AF_\w+)/;
        push @executable, $_ if /PROT_WRITE\|PROT_EXEC/;
        next if $call !~ /^(?:openat|creat|unlink|rename|mkdir|link)/
            || $rest =~ / = -1 /
            || $call eq 'openat' && $rest !~ /O_(?:WRONLY|RDWR|CREAT)/;
        push @written, $rest =~ /"([^"]*)"/g;
    }
    cmp_ok(scalar keys %used, '>', 30, 'the trace is read');
    delete $used{fchown} if $> == 0; # SQLite's, of root; its end is ignored
    is(join(' ', grep { !$allowed{$_} } sort keys %used), '',
        'no system call is missing');
    my %family = map { $_ => 1 } split / /,
        (values_of($unit, 'RestrictAddressFamilies'))[0];
    is(join(' ', grep { !$family{$_} && $_ ne 'AF_NETLINK' } @families), '',
        'no address family is missing');
    is(join("\n", @executable), '', 'no memory is written and run');
    cmp_ok(scalar(grep {m{journal\.db}} @written), '>', 0,
        'the journal is written');
    is(join(' ', grep { !m{^\Q$here\E/|^/dev/null$|^/proc/self/} } @written), '',
        'and nothing outside of the folders it may write to');
}

ok(stop_mock($mock), 'the mock ends well');
done_testing;
