# Bench.pm: what the groups of tests/bench/run share: servers, customers, taking
# turns, and the table.
package Bench;

use strict;
use warnings;

use Exporter 'import';
use Fcntl qw(F_SETFD);
use File::Path qw(make_path remove_tree);
use IO::Handle;
use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw(sleep time);

our @EXPORT = qw(
    build folder program source spill slurp median measure take_turns customer
    customer_in_memory new_journal start_nginx start_mock start_drf stop_servers
    sync_seconds machine
    title line thousands progress
);

our $folder;
my ($build, $in_memory, %servers);
my $top = $$;

# Where the programs are; makes a folder for this run beside them.
sub build {
    my ($path) = @_;
    ($build, $folder) = ($path, "$path/bench/run.$$");
    make_path($folder);
    $SIG{INT} = $SIG{TERM} = sub { exit 130 };
}

sub folder {
    return $folder;
}

sub program {
    my ($name) = @_;
    return $name eq 'omnitron' ? "$build/omnitron" : "$build/bench/$name";
}

sub source {
    my ($name) = @_;
    return ($0 =~ s{[^/]*$}{}r) . $name;
}

sub spill {
    my ($name, $text, $mode) = @_;
    open my $file, '>:raw', "$folder/$name" or die "$folder/$name: $!\n";
    print {$file} $text;
    close $file or die "$folder/$name: $!\n";
    chmod $mode // 0644, "$folder/$name";
    return "$folder/$name";
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return $sorted[@sorted / 2];
}

# Runs a command so often: { seconds, cpu, peak_kib }. When it prints a number
# itself, that is its seconds: it left its own start-up out.
sub measure {
    my ($times, @command) = @_;
    my $log = "$folder/last.log";
    open my $out, '-|', 'sh', '-c', 'log=$1; shift; exec "$@" 2>"$log"', 'sh',
        $log, program('measure'), $times, @command or die "fork: $!\n";
    my @lines = <$out>;
    close $out or die "failed: @command\n", slurp($log);
    my ($seconds, $cpu, $peak) = split ' ', pop @lines;
    my @own = grep { /^[\d.]+$/ } @lines;
    $seconds = $own[0] if @own == 1;
    return { seconds => $seconds, cpu => $cpu, peak_kib => $peak };
}

sub slurp {
    my ($path) = @_;
    open my $file, '<:raw', $path or return '';
    local $/;
    return scalar <$file> // '';
}

# Contenders { name, lines, command => sub { the command }, before } one after
# the other, so many rounds; each gets `seconds`, `rate` and `cpu_us` (of a
# line), the medians, and its highest `peak_kib`.
sub take_turns {
    my ($rounds, @contenders) = @_;
    my %seen;
    for my $round (1 .. $rounds) {
        for my $c (@contenders) {
            progress("round $round of $rounds: $c->{name}");
            $c->{before}->() if $c->{before};
            my $got = measure(1, $c->{command}->());
            push @{ $seen{ $c->{name} }{$_} }, $got->{$_} for keys %$got;
        }
    }
    progress('');
    for my $c (@contenders) {
        my $of = $seen{ $c->{name} };
        $c->{seconds} = median(@{ $of->{seconds} });
        $c->{rate} = $c->{lines} / $c->{seconds};
        $c->{cpu_us} = 1e6 * median(@{ $of->{cpu} }) / $c->{lines};
        $c->{peak_kib} = (sort { $b <=> $a } @{ $of->{peak_kib} })[0];
    }
}

# A folder with a profile for a server; `lines` are added to it.
sub customer {
    my ($name, $url, @lines) = @_;
    mkdir "$folder/$name";
    spill("$name/token", "mock\n", 0600);
    spill("$name/profile.lua", join '', "return {\n",
        map({ "  $_,\n" } "url = \"$url\"", 'token_file = "token"', @lines),
        "}\n");
    return "$folder/$name";
}

# The same where nothing has to be synced: what a journal costs is what such
# a one is faster by.
sub customer_in_memory {
    my ($name, $url) = @_;
    $in_memory //= "/dev/shm/omnitron-bench.$$";
    mkdir $in_memory;
    local $folder = $in_memory;
    return customer($name, $url);
}

sub new_journal {
    my ($customer) = @_;
    unlink glob "$customer/journal.db*";
    system("'" . program('omnitron') . "' journal new $customer >/dev/null 2>&1")
        == 0 or die "journal new $customer failed\n";
}

my $nginx_conf = <<'CONF';
worker_processes 1;
daemon off;
pid FOLDER/nginx.pid;
error_log FOLDER/nginx.log;
events {
    worker_connections 1024;
}
http {
    access_log off;
    default_type application/json;
    keepalive_requests 1000000000;
    client_body_temp_path FOLDER/body;
    proxy_temp_path FOLDER/proxy;
    fastcgi_temp_path FOLDER/fastcgi;
    uwsgi_temp_path FOLDER/uwsgi;
    scgi_temp_path FOLDER/scgi;
    server {
        listen 127.0.0.1:PORT;
        location ~ ^/api/i1/order_items/(?<item>\d+)/create_mapping/$ {
            return 201 '{"pk":$item,"content_type":66,"object_id":$item,"integration_type":"external_company","code":"B/$item"}';
        }
        location /api/i1/orders/ {
            return 200 '{"count":0,"next":null,"previous":null,"results":[]}';
        }
    }
}
CONF

# An nginx of one worker that echoes item and code, "B/<item>": its URL. It
# gets a socket that listens already, so that the system chose the port.
sub start_nginx {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 511)
        or die "no port: $!\n";
    my $port = $socket->sockport;
    my $conf = $nginx_conf =~ s/FOLDER/$folder/gr =~ s/PORT/$port/r;
    spill('nginx.conf', $conf);
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        fcntl $socket, F_SETFD, 0;
        $ENV{NGINX} = fileno($socket) . ';';
        $ENV{PATH} .= ':/usr/sbin';
        open STDERR, '>', "$folder/nginx.err";
        { exec 'nginx', '-c', "$folder/nginx.conf", '-e', "$folder/nginx.log" }
        POSIX::_exit(127);
    }
    $servers{$pid} = 1;
    return "http://127.0.0.1:$port";
}

sub start_mock {
    my $pid = open my $out, '-|', program('omnitron'), 'mock', @_
        or die "cannot start the mock: $!\n";
    $servers{$pid} = $out;
    my $url = <$out> // die "the mock did not start\n";
    chomp $url;
    return $url;
}

# Django REST framework with its own throttle: so many in so many seconds.
sub start_drf {
    my $pid = open my $out, '-|', '/usr/bin/python3', "$FindBin::Bin/drf.py", @_
        or die "cannot start python3: $!\n";
    $servers{$pid} = $out;
    my $port = <$out> // die "Django did not start\n";
    chomp $port;
    return "http://127.0.0.1:$port";
}

sub stop_servers {
    for my $pid (keys %servers) {
        kill 'TERM', $pid;
        waitpid $pid, 0;
    }
    %servers = ();
}

END {
    if ($$ == $top) {
        local $?;
        stop_servers();
        remove_tree(grep { $_ } $folder, $in_memory);
    }
}

# What it costs to have 4 KiB on disk, where the journals are.
sub sync_seconds {
    my @seconds;
    open my $file, '>', "$folder/sync" or die "$folder/sync: $!\n";
    $file->autoflush(1);
    for (1 .. 200) {
        print {$file} 'x' x 4096;
        my $start = time;
        $file->sync or die "fsync: $!\n";
        push @seconds, time - $start;
    }
    return median(@seconds);
}

sub machine {
    my ($cpu) = slurp('/proc/cpuinfo') =~ /^model name\s*:\s*(.*)$/m;
    my $cores = () = slurp('/proc/cpuinfo') =~ /^processor/mg;
    my ($load) = slurp('/proc/loadavg') =~ /^(\S+)/;
    my ($system) = slurp('/etc/os-release') =~ /^PRETTY_NAME="(.*)"/m;
    my $kernel = (POSIX::uname())[2];
    return sprintf "%s, %d cores, %s, Linux %s, load %s at the start",
        $cpu // 'unknown processor', $cores, $system // 'unknown', $kernel,
        $load;
}

sub thousands {
    my ($n) = @_;
    my $text = sprintf $n < 10 ? '%.2f' : '%.0f', $n;
    1 while $text =~ s/^(\d+)(\d{3})/$1,$2/;
    return $text;
}

sub title {
    my ($text, @columns) = @_;
    printf "\n%-41s %9s %9s  %s\n", $text, map { $columns[$_] // '' } 0 .. 2;
}

# A line of the table; an aim that is missed is marked.
sub line {
    my ($name, $figure, $ratio, $aim) = @_;
    my $missed = defined $aim && $aim =~ /(at least|at most) ([\d.]+)/
        && ($1 eq 'at least' ? $ratio < $2 : $ratio > $2);
    printf "  %-39s %9s %9s  %s%s\n", $name, $figure,
        defined $ratio ? thousands($ratio) : '', $aim // '',
        $missed ? ' MISSED' : '';
}

# What is under way, for a person who waits.
sub progress {
    my ($text) = @_;
    printf STDERR "\r\e[K%s", $text if -t STDERR;
}

1;
