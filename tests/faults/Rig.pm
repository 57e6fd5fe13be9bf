# Rig.pm: what the tests of the main job share: a folder, a mock process, a
# customer, a run, and the two sides to compare: the mock's ledger and the
# journal.
package Rig;

use strict;
use warnings;

use Exporter 'import';
use File::Temp 'tempdir';
use FindBin;
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Time::HiRes ();

# A child goes with its parent, also when that is killed: what a dead test left
# behind would hold the pipe that prove reads to its end. Whoever uses this
# module forks so; what open() starts is started by with_parent.
my %prctl = (x86_64 => 157, aarch64 => 167, riscv64 => 167); # asm/unistd.h
my $prctl = $prctl{ (POSIX::uname())[4] };
my ($pdeathsig, $sigkill) = (1, 9);

BEGIN {
    no warnings 'once';
    *CORE::GLOBAL::fork = sub () {
        my $parent = $$;
        my $pid = CORE::fork;
        if (defined $pid && $pid == 0 && $prctl) {
            syscall $prctl, $pdeathsig, $sigkill, 0, 0, 0;
            POSIX::_exit(1) if getppid != $parent; # it was quicker
        }
        return $pid;
    };
}

# The command that does so.
sub with_parent {
    return ('setpriv', '--pdeathsig', 'KILL', @_);
}

our @EXPORT = qw(
    folder is_asan spawn finish omnitron start_mock stop_mock ledger journal
    slurp spill customer generate summary requests set_fault set_outage show
    items_file run json_lines mounted wait_until with_parent seed draw below
);

my $program = $ENV{OMNITRON} or die "OMNITRON names no program\n";
my $root = "$FindBin::Bin/../..";
my $top = $$;
my (%mocks, @mounts, $folder);

$ENV{TERM} = 'dumb'; # a person's, who hears everything, and not cron's

# Park and Miller: the same in every perl, as its own rand is not.
my $drawn;

# Where what is drawn at random begins: with SEED of the environment, else where
# the test usually does. It is told, so that who saw a test fail can have the
# same again.
sub seed {
    my ($usual) = @_;
    my $seed = $ENV{SEED} // $usual;
    print "# SEED=$seed\n";
    $drawn = $seed % 2147483646 + 1;
    return $seed;
}

# A whole number from 0 on and below $n; one between 0 and 1.
sub below {
    my ($n) = @_;
    $drawn = $drawn * 16807 % 2147483647;
    return $drawn % $n;
}

sub draw {
    below(1);
    return $drawn / 2147483647;
}

# A folder that goes away with the test.
sub folder {
    $folder //= tempdir('omnitron-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    return $folder;
}

sub is_asan {
    open my $file, '<', $program or die "$program: $!\n";
    local $/;
    return index(<$file>, '__asan_init') >= 0;
}

sub slurp {
    my ($path) = @_;
    open my $file, '<:raw', $path or return undef;
    local $/;
    return scalar <$file> // '';
}

sub spill {
    my ($path, $text, $mode) = @_;
    open my $file, '>:raw', $path or die "$path: $!\n";
    print {$file} $text;
    close $file or die "$path: $!\n";
    chmod $mode // 0644, $path;
}

# Starts a program; its output goes to files.
sub spawn {
    my ($name, @command) = @_;
    my $at = folder() . "/$name.$$";
    my $pid = fork // die "fork: $!\n";
    return { pid => $pid, at => $at } if $pid;
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', "$at.out";
    open STDERR, '>', "$at.err";
    { exec { $command[0] } @command }
    POSIX::_exit(127);
}

# Waits for it: (exit code or -signal, stdout, stderr).
sub finish {
    my ($job) = @_;
    waitpid $job->{pid}, 0;
    my $code = $? & 127 ? -($? & 127) : $? >> 8;
    return ($code, map { slurp("$job->{at}.$_") } qw(out err));
}

# Until it is so; false when it has not come to be after 100 seconds.
sub wait_until {
    my ($is_so) = @_;
    for (1 .. 5000) {
        return 1 if $is_so->();
        Time::HiRes::sleep(0.02);
    }
    return 0;
}

sub omnitron {
    return finish(spawn('omnitron', $program, @_));
}

sub start_mock {
    my $pid = open my $out, '-|', with_parent($program, 'mock', @_)
        or die "cannot start the mock: $!\n";
    my $url = <$out> // '';
    chomp $url;
    $url =~ m{^http://127\.0\.0\.1:(\d+)$} or die "no mock: '$url'\n";
    $mocks{$pid} = { pid => $pid, out => $out, url => $url, port => $1 };
    return $mocks{$pid};
}

# False when it did not end well: a leak or a crash says so in its exit code.
sub stop_mock {
    my ($mock) = @_;
    kill 'TERM', $mock->{pid};
    delete $mocks{ $mock->{pid} };
    return close $mock->{out};
}

END {
    if ($$ == $top) {
        local $?;
        kill 'KILL', keys %mocks;
        system 'umount', '-l', $_ for @mounts;
    }
}

# A disk of that size ("48m") in the folder, until the end of the test: its
# path; undef: mount needs root.
sub mounted {
    my ($name, $size) = @_;
    my $at = folder() . "/$name";
    mkdir $at or die "$at: $!\n";
    system("mount -t tmpfs -o size=$size tmpfs $at 2>/dev/null") == 0
        or return undef;
    push @mounts, $at;
    return $at;
}

sub talk {
    my ($mock, $method, $path, $body) = @_;
    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $mock->{port})
        or die "no connection to the mock: $!\n";
    print {$socket} "$method $path HTTP/1.0\r\nHost: 127.0.0.1\r\n",
        "Content-Type: application/json\r\n",
        "Content-Length: ", length $body, "\r\n\r\n", $body;
    local $/;
    my $reply = <$socket> // '';
    my ($head, $rest) = split /\r\n\r\n/, $reply, 2;
    $head =~ m{^HTTP/1\.[01] 200 } or die "$method $path: $reply\n";
    return $rest;
}

sub get {
    my ($mock, $path) = @_;
    return talk($mock, 'GET', $path, '');
}

# How many requests came: { "POST auth/login/" => 1, ... }
sub requests {
    my ($mock) = @_;
    return decode_json(get($mock, '/__mock__/requests'));
}

# What befalls create_mapping from now on, in place of what did; undef: nothing.
sub set_fault {
    my ($mock, $fault) = @_;
    talk($mock, 'POST', '/__mock__/fault',
        encode_json({ fault => $fault }));
}

# The outage that begins; undef: it is over.
sub set_outage {
    my ($mock, $kind) = @_;
    my $text = defined $kind ? "$kind" : undef;
    talk($mock, 'POST', '/__mock__/outage', encode_json({ kind => $text }));
}

# The ledger is one line of JSON with a megabyte and more, which JSON::PP
# takes seconds to read: cut into its items by the form the mock gives it,
# and anything else is an error. { item => [ { code, update_stock, ... } ] }
sub ledger {
    my ($mock) = @_;
    my $text = get($mock, '/__mock__/ledger');
    my %items;
    $text =~ s/^\[|\]\s*$//g;
    for ($text) {
        while (/\G,?\{"order_item_id":(\d+),"received":\[([^\]]*)\]\}/gc) {
            my ($item, $bodies) = ($1, $2);
            die "the ledger has item $item twice\n" if $items{$item};
            $items{$item} = [];
            push @{ $items{$item} }, body($1)
                while $bodies =~ /(\{[^{}]*\})/g;
        }
        /\G\s*\z/gc or die 'the ledger is not understood: '
            . substr($_, pos // 0, 100) . "\n";
    }
    return \%items;
}

sub flat {
    my ($text) = @_;
    my %value = (true => 1, false => 0, null => undef);
    my %members;
    die "not flat JSON: $text\n" if $text !~ /^\{.*\}$/ || $text =~ /\\/;
    while ($text =~ /"(\w+)":(?:"([^"]*)"|([\w.+-]+))/g) {
        $members{$1} = defined $2 ? $2 : exists $value{$3} ? $value{$3} : $3;
    }
    return \%members;
}

# One object without nesting; those with an escape take the long way.
sub body {
    my ($text) = @_;
    return flat($text) if $text !~ /\\/;
    my $members = JSON::PP->new->utf8->decode($text);
    return { map {
        my $v = $members->{$_};
        ($_ => JSON::PP::is_bool($v) ? ($v ? 1 : 0) : $v)
    } keys %$members };
}

# { item => row } by `journal list --json`; dies when an item comes twice.
sub journal {
    my ($customer) = @_;
    my ($code, $out, $err) = omnitron('journal', 'list', '--json', $customer);
    die "journal list: exit $code: $err\n" if $code != 0 || $err ne '';
    my %rows;
    for (split /\n/, $out) {
        my $row = body($_);
        my $item = $row->{order_item_id} // die "no item: $_\n";
        die "the journal has item $item twice\n" if $rows{$item};
        $rows{$item} = $row;
    }
    return \%rows;
}

# A customer's folder: profile (its lines given), token, rules as `init`
# writes them, and a new journal. Returns its path.
sub customer {
    my ($name, $token, @lines) = @_;
    my $path = folder() . "/$name";
    mkdir $path or die "$path: $!\n";
    spill("$path/profile.lua",
        join "\n", 'return {', (map {"  $_,"} @lines), "}\n");
    spill("$path/token", "$token\n", 0600) if defined $token;
    spill("$path/rules.lua", slurp("$root/scripts/init/csv/rules.lua"));
    my ($code, $out, $err) = omnitron('journal', 'new', $path);
    die "journal new: exit $code: $err\n" if $code != 0;
    return $path;
}

# A generated file: its path and its lines, each { item, code, ... }.
sub generate {
    my ($name, $lines, $seed) = @_;
    my $path = folder() . "/$name";
    my $text = `$root/examples/csv-drop/generate $lines $seed`;
    die "generate failed\n" if $? != 0;
    spill($path, $text);
    my ($head, @rest) = split /\n/, $text;
    my @names = split /;/, $head;
    my @rows;
    for (@rest) {
        my %row;
        @row{@names} = split /;/, $_, -1;
        push @rows, \%row;
    }
    return ($path, \@rows);
}

# The story of one item by `journal show --json`.
sub show {
    my ($customer, $item) = @_;
    my ($code, $out, $err) = omnitron('journal', 'show', '--json',
        '--profile', "$customer/profile.lua", $item);
    die "journal show $item: exit $code: $err\n" if $code != 0;
    return decode_json($out);
}

# What `--log-format json` says, an object of texts and numbers a line; dies
# where a line has a key twice, which JSON::PP takes.
sub json_lines {
    my ($text) = @_;
    my @lines;
    for (split /\n/, $text) {
        my $line = $_;
        my $string = qr/"((?:[^"\\]|\\.)*)"/;
        my $bare = qr/-?\d[\d.eE+-]*|true|false/;
        my %seen;
        $line =~ /\A\{/gc or die "no object: $line\n";
        while ($line =~ /\G,?$string:(?:$string|$bare)/gc) {
            die "the key $1 twice: $line\n" if $seen{$1}++;
        }
        $line =~ /\G\}\z/ or die "no flat object: $line\n";
        push @lines, JSON::PP->new->utf8->decode($line);
    }
    return @lines;
}

# A file with a line for each item: its path.
sub items_file {
    my ($name, @items) = @_;
    my $path = folder() . "/$name";
    spill($path, join '', "item;erp_doc;erp_line;stock\n",
        map {"$_;SO-$_;10;own\n"} @items);
    return $path;
}

# Runs the customer's rules over files; without one, a script that releases
# nothing. { code, out, err, and the summary's keys }
sub run {
    my ($customer, @files) = @_;
    my $script = @files ? "$customer/rules.lua" : "$customer/nothing.lua";
    my $summary = "$customer/summary.json";
    spill($script, '') if !@files;
    unlink $summary;
    my ($code, $out, $err)
        = omnitron('run', '--summary', $summary, $script, @files);
    my $known = -e $summary ? summary($summary) : {};
    return { %$known, code => $code, out => $out, err => $err };
}

sub summary {
    my ($path) = @_;
    return JSON::PP->new->utf8->decode(slurp($path) // die "no $path\n");
}

1;
