#!/usr/bin/perl
# run --metrics: what Prometheus would read of it, by a reader that is as
# strict and by promtool where it is installed; after a run that ended in
# every way there is. Nothing about the file changes what is sent.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Fcntl;
use IO::Poll;
use JSON::PP;
use POSIX 'mkfifo';
use Rig;
use Test::More;

delete $ENV{TERM};
alarm 300; # a run that does not end fails
my $mock = start_mock('--items', '1-999999');
my $promtool = system('promtool --version >/dev/null 2>&1') == 0;
my $customers = 0;

sub acme {
    my (%with) = @_;
    my $url = $with{url} // $mock->{url};
    my $token = exists $with{token} ? $with{token} : 'mock';
    my $acme = customer($with{name} // 'acme' . ++$customers, $token,
        qq(url = "$url"), 'token_file = "token"', @{ $with{lines} // [] });
    spill("$acme/release.lua", $with{script}) if $with{script};
    return $acme;
}

my $name = qr/[a-zA-Z_:][a-zA-Z0-9_:]*/;
my $label = qr/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/;

sub labels_of {
    my ($text) = @_;
    my %labels;
    while ($text =~ /\G(?:^|,)$label/gc) {
        my ($key, $value) = ($1, $2);
        return if exists $labels{$key};
        my %meant = ('\\n' => "\n");
        $labels{$key} = $value =~ s/(\\.)/$meant{$1} \/\/ substr $1, 1/ger;
    }
    return ($text =~ /\G\z/gc) ? \%labels : undef;
}

# Every sample { family, labels, value }; dies at the first thing that is not
# as the text format has it, or as promtool would have it.
sub samples {
    my ($text) = @_;
    my (@samples, %typed, %seen, $family);
    die "it does not end with a line end\n" if $text !~ /\n\z/;
    utf8::decode(my $copy = $text) or die "it is not UTF-8\n";
    for my $line (split /\n/, $text) {
        if ($line =~ /^# HELP ($name) (\S.*\.)$/) {
            die "$1 is there twice\n" if exists $typed{$1};
            ($family, $typed{$1}) = ($1, 0);
        } elsif ($line =~ /^# TYPE ($name) gauge$/) {
            die "TYPE of $1 under $family\n" if $1 ne $family || $typed{$1}++;
        } elsif ($line =~ /^($name)\{(.*)\} (-?\d+(?:\.\d+)?)$/) {
            my ($of, $value) = ($1, $3);
            my $labels = labels_of($2) or die "labels: $line\n";
            die "$of under $family\n" if $of ne $family || !$typed{$of};
            die "$line: twice\n" if $seen{"$of $2"}++;
            push @samples, { family => $of, labels => $labels,
                value => $value };
        } else {
            die "no line of the format: $line\n";
        }
    }
    for my $of (sort keys %typed) {
        die "$of: no name for a gauge\n"
            if $of !~ /^omnitron_[a-z_]+$/ || $of =~ /_(total|count|sum)$/;
        die "$of: no sample\n" if !grep { $_->{family} eq $of } @samples;
    }
    return @samples;
}

# The values of a file: { omnitron_rows => { released => 3 }, exit_code => 0 }
sub metrics {
    my ($title, $path) = @_;
    my $text = slurp($path) // '';
    my @samples = eval { samples($text) };
    is($@, '', "$title: the file is right");
    if ($promtool) {
        spill(folder() . '/checked', $text);
        my ($code, $out, $err) = finish(spawn('promtool', 'sh', '-c',
            'promtool check metrics <"$0"', folder() . '/checked'));
        is("$code$out$err", '0', "$title: promtool has nothing to say");
    }
    my %values;
    for (@samples) {
        my $short = $_->{family} =~ s/^omnitron_//r;
        my $of = $_->{labels}{outcome} // $_->{labels}{state};
        defined $of ? ($values{$short}{$of} = $_->{value})
            : ($values{$short} = $_->{value});
        $values{labels} //= { %{ $_->{labels} } };
    }
    return \%values;
}

# What the reader must not take for metrics.
for my $wrong ("x 1\n", "# HELP omnitron_a A.\n# TYPE omnitron_a gauge\n",
    "# HELP omnitron_a A.\n# TYPE omnitron_a gauge\nomnitron_a{b=\"c\"} 1",
    "# HELP omnitron_a A.\n# TYPE omnitron_a gauge\nomnitron_a{b=\"\\c\"} 1\n",
    "# HELP omnitron_a A.\n# TYPE omnitron_a gauge\nomnitron_a{b=\"\xFF\"} 1\n",
    "# HELP omnitron_a A.\n# TYPE omnitron_b gauge\nomnitron_a{b=\"c\"} 1\n",
    "# HELP omnitron_a A.\n# TYPE omnitron_a gauge\nomnitron_a{b=\"c\"} 1\n"
        . "omnitron_a{b=\"c\"} 2\n")
{
    isnt(eval { samples($wrong); 1 }, 1, 'a file that is not right is found');
}

# A run with something of most things, and its summary.
{
    my $acme = acme();
    my $file = "$acme/omnitron.prom";
    my $lines = folder() . '/most.csv';
    spill($lines, "item;erp_doc;erp_line;stock\n101;SO-1;10;own\n"
        . "102;SO-1;10;own\n103;;;own\n;SO-2;10;own\n104;SO-2\n"
        . "1000001;SO-3;10;own\n");
    spill($file, "old\n", 0600);
    link $file, "$acme/old" or die "link: $!\n";
    my $mask = umask 077;
    my ($code, $out, $err) = omnitron('run', '--metrics', $file, '--summary',
        "$acme/summary.json", "$acme/rules.lua", $lines);
    umask $mask;
    my $s = summary("$acme/summary.json");
    my $m = metrics('a run', $file);
    is($code, 3, 'a run: exit 3');
    is_deeply($m->{rows}, { map { $_ => $s->{$_} }
            qw(released skipped later failed invalid) }, 'a run: rows');
    is_deeply($m->{releases}, { map { $_ => $s->{$_} }
            qw(confirmed already rejected conflict unknown pending) },
        'a run: releases');
    is($m->{releases}{confirmed}, 2, 'a run: confirmed');
    is_deeply($m->{open_releases},
        { rejected => 1, unknown => 0, pending => 0, conflict => 0 },
        'a run: what was rejected is open');
    is($m->{run_exit_code}, 3, 'a run: exit code');
    is($m->{attempts}, $s->{attempts}, 'a run: attempts');
    is($m->{repeated_codes}, 1, 'a run: repeated codes');
    is($m->{carried_releases}, 0, 'a run: carried');
    cmp_ok(abs($m->{run_end_timestamp_seconds} - time), '<', 300,
        'a run: its end is a time');
    cmp_ok($m->{run_duration_seconds}, '>=', $s->{seconds} - 0.001,
        'a run: how long it took');
    is_deeply($m->{labels}, { customer => 'acme1', script => 'rules.lua',
            host => $mock->{url} =~ s{^http://}{}r }, 'a run: labels');
    is((stat $file)[2] & 07777, 0644, 'the collector may read it');
    is(slurp("$acme/old"), "old\n", 'it took the place of the old file');
    is_deeply([glob "$acme/*.new-*"], [], 'and nothing stays beside it');
}

# Every way to end. What is told: 1 everything, 0 how it ended.
my $raise = 'error("no")';
my $release = 'omnitron.release{ order_item_id = tonumber(arg[1]), '
    . 'code = "SO-" .. arg[1] }';
my $many = 'local rows = {} for i = 1, 500 do rows[i] = i + 2000 end '
    . 'omnitron.release_all(rows, function(i) return { order_item_id = i, '
    . 'code = "SO-" .. i } end)';
my @ends = (
    [0, 1, 'all is well', script => $release],
    [1, 1, 'the script raises', script => $raise],
    [1, 0, 'the script is none', script => 'return ('],
    [2, 0, 'no token', script => $release, token => undef],
    [2, 0, 'a profile that is none', script => $release,
        lines => ['no_such_key = 1']],
    [2, 0, 'no journal', script => $release, before => sub {
        unlink "$_[0]/journal.db" }],
    [2, 0, 'no script', before => sub { unlink "$_[0]/release.lua" }],
    [2, 0, 'a wrong option', script => $release, args => ['--limit', 'x']],
    [2, 0, 'a log that cannot be opened', script => $release,
        args => ['--log-file', '/nowhere/log']],
    [4, 1, 'unknown', script => $release, fault => 'drop-after=1'],
    [5, 1, 'an outage', script => $release, outage => '503'],
    [6, 1, 'a token that is refused', script => $release, token => 'other'],
    [7, 0, 'the disk fails', script => $many, size => 64],
);
my $item = 1000;
for my $end (@ends) {
    my ($want, $counted, $title, %with) = @$end;
    set_fault($mock, $with{fault});
    set_outage($mock, $with{outage});
    my $made = { %with };
    $made->{lines} = [] if $with{lines};
    my $acme = acme(%$made);
    spill("$acme/profile.lua", "return { @{[join ', ', @{ $with{lines} }]} }\n")
        if $with{lines};
    $with{before}->($acme) if $with{before};
    my @run = ($ENV{OMNITRON}, 'run', '--metrics', "$acme/m.prom",
        @{ $with{args} // [] }, "$acme/release.lua", ++$item);
    @run = ('bash', '-c', 'ulimit -f "$0" && exec "$@"', $with{size}, @run)
        if $with{size};
    my ($code, $out, $err) = finish(spawn('run', @run));
    is($code, $want, "$title: exit $want") or diag($err);
    my $m = metrics($title, "$acme/m.prom");
    is($m->{run_exit_code}, $want, "$title: the file says so");
    is(exists $m->{rows} ? 1 : 0, $counted, "$title: and what is known");
    is($m->{labels}{customer}, $acme =~ s{.*/}{}r, "$title: of whom");
    is($m->{open_releases}{unknown}, 1, "$title: it is open")
        if $want == 4;
    is($m->{open_releases}{pending}, 1, "$title: it is open")
        if $want == 5 || $want == 6;
}
set_fault($mock, undef);
set_outage($mock, undef);

# Another run holds the journal: what the last one told stands.
{
    my $acme = acme(script => 'io.open(here("started"), "w"):close() '
            . 'while not io.open(here("stop")) do sleep(0.02) end');
    my @run = ('run', '--metrics', "$acme/m.prom", "$acme/release.lua");
    my $job = spawn('holder', $ENV{OMNITRON}, @run);
    select undef, undef, undef, 0.01 until -e "$acme/started";
    is((omnitron(@run))[0], 11, 'held: exit 11');
    ok(!-e "$acme/m.prom", 'held: nothing is written');
    spill("$acme/stop", '');
    is((finish($job))[0], 0, 'the holder ends');
    is(metrics('the holder', "$acme/m.prom")->{run_exit_code}, 0,
        'and tells of itself');
}

# A signal.
{
    my $acme = acme(script => 'io.open(here("started"), "w"):close() '
            . 'while true do sleep(0.02) end');
    my $job = spawn('signal', $ENV{OMNITRON}, 'run', '--metrics',
        "$acme/m.prom", "$acme/release.lua");
    select undef, undef, undef, 0.01 until -e "$acme/started";
    kill 'TERM', $job->{pid};
    is((finish($job))[0], 143, 'SIGTERM: exit 143');
    is(metrics('SIGTERM', "$acme/m.prom")->{run_exit_code}, 143,
        'SIGTERM: the file says so');
}

# A name with everything in it that a label has to have escaped.
{
    my $acme = acme(name => "a\"b\\c\nd\xFFe", script => $release);
    is((omnitron('run', '--metrics', folder() . '/odd.prom',
        "$acme/release.lua", 7001))[0], 0, 'an odd name: exit 0');
    is(metrics('an odd name', folder() . '/odd.prom')->{labels}{customer},
        "a\"b\\c\nd\xEF\xBF\xBDe", 'an odd name is read as it is');
}

# A file that cannot be written is said once and changes nothing.
my $acme = acme(script => $release);
my ($full, $stdout) = map { folder() . "/$_" } 'full', 'stdout';
symlink '/dev/full', $full or die "symlink: $!\n";
symlink '/proc/self/fd/1', $stdout or die "symlink: $!\n";
for (
    ['/nowhere/m.prom', qr/No such file or directory; the run goes on/],
    [$acme, qr/Is a directory; the run goes on/],
    [$full, qr/No space left on device/],
    )
{
    my ($file, $says) = @$_;
    my ($code, $out, $err) = omnitron('run', '--metrics', $file,
        "$acme/release.lua", ++$item);
    is($code, 0, "$file: exit 0");
    like($err, qr/^warn: cannot write --metrics \Q$file\E: $says.*$/,
        "$file: it is said");
    is($err =~ tr/\n//, 1, "$file: in one line");
    is(scalar @{ ledger($mock)->{$item} // [] }, 1, "$file: all is sent");
}

# What is no file is written into.
{
    my ($code, $out, $err) = omnitron('run', '--metrics', $stdout,
        "$acme/release.lua", ++$item);
    ok(-l $stdout, 'a link stays what it is');
    like($out, qr/^omnitron_run_exit_code\{.*\} 0$/m, 'and gets the text');
}

# A pipe: without a reader that is said before anything is sent; with one, it
# gets the whole text, and no end before it.
{
    my $pipe = folder() . '/pipe';
    mkfifo($pipe, 0600) or die "mkfifo: $!\n";
    my ($code, $out, $err) = omnitron('run', '--summary', $pipe,
        "$acme/release.lua", ++$item);
    is($code, 2, 'a pipe without a reader: exit 2');
    like($err, qr/cannot write --summary \Q$pipe\E: No such device/,
        'it is said');
    is(scalar @{ ledger($mock)->{$item} // [] }, 0, 'and nothing is sent');
    spill("$acme/slow.lua", 'io.open(here("begun"), "w"):close() '
            . 'while not io.open(here("go")) do sleep(0.02) end');
    sysopen my $reader, $pipe, O_RDONLY | O_NONBLOCK or die "$pipe: $!\n";
    my $job = spawn('pipe', $ENV{OMNITRON}, 'run', '--summary', $pipe,
        "$acme/slow.lua");
    select undef, undef, undef, 0.01 until -e "$acme/begun";
    my $poll = IO::Poll->new;
    $poll->mask($reader => POLLIN | POLLHUP);
    is($poll->poll(0), 0, 'a reader sees nothing before the run has ended');
    spill("$acme/go", '');
    is((finish($job))[0], 0, 'a pipe with a reader: exit 0');
    local $/;
    is(JSON::PP->new->utf8->decode(scalar <$reader>)->{exit}, 0,
        'which gets the text');
}

# A name that leaves no room for another one beside it.
{
    my $long = folder() . '/' . 'm' x 251 . '.txt';
    my ($code, $out, $err) = omnitron('run', '--summary', $long,
        "$acme/release.lua", ++$item);
    is("$code$err", '0', 'the longest name');
    is(JSON::PP->new->utf8->decode(slurp($long))->{exit}, 0, 'is written');
    is(scalar(() = glob(folder() . '/mmm*')), 1, 'and nothing else');
}

ok(stop_mock($mock), 'the mock ends well');
done_testing;
