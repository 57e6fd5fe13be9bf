# Tls.pm: an authority of the test's own, its certificates, the mock behind
# one of them, and a proxy that keeps what it is told.
package Tls;

use strict;
use warnings;

use Exporter 'import';
use IO::Select;
use IO::Socket::INET;
use Rig;
use Time::HiRes qw(sleep);

our @EXPORT = qw(certificates authority https_mock
    start_proxy proxy_heard old_server);

my @jobs;
my $top = $$;

sub at { return folder() . "/$_[0]" }

sub openssl {
    my @command = ('openssl', @_);
    my ($code, $out, $err) = finish(spawn('openssl', @command));
    die "@command: exit $code\n$out$err\n" if $code != 0;
}

sub key {
    my ($name) = @_;
    openssl('ecparam', '-genkey', '-name', 'prime256v1', '-noout',
        '-out', at("$name.key"));
}

# NAME of AUTHORITY for "IP:127.0.0.1" or the like; undef: for its CN alone,
# which is 127.0.0.1.
sub sign {
    my ($name, $authority, $alt, @dates) = @_;
    key($name);
    openssl('req', '-new', '-key', at("$name.key"), '-subj',
        $alt && $alt !~ /^email/ ? '/CN=mock' : '/CN=127.0.0.1',
        '-out', at("$name.csr"));
    spill(at("$name.ext"), $alt ? "subjectAltName=$alt\n"
        : "basicConstraints=CA:FALSE\n");
    openssl('ca', '-batch', '-config', at('ca.conf'), '-extfile',
        at("$name.ext"), '-in', at("$name.csr"), '-out', at("$name.pem"),
        '-notext', '-cert', at("$authority.pem"), '-keyfile',
        at("$authority.key"), @dates);
}

sub root {
    my ($name, $subject, @more) = @_;
    key($name);
    openssl('req', '-x509', '-new', '-key', at("$name.key"), '-subj',
        $subject, @more, '-days', '30', '-out', at("$name.pem"));
}

sub certificates {
    my $folder = folder();
    spill(at('ca.conf'), <<"END");
[ca]
default_ca = own
[own]
database = $folder/index
new_certs_dir = $folder
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
END
    spill(at('index'), '');
    root($_, "/CN=$_ authority") for qw(ca stranger);
    root('self', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1');
    my $alt = 'IP:127.0.0.1,DNS:omnitron.test';
    sign('good', 'ca', $alt, '-days', '30');
    sign('strange', 'stranger', $alt, '-days', '30');
    sign('other', 'ca', 'DNS:acme.example', '-days', '30');
    sign('bare', 'ca', undef, '-days', '30');
    sign('mail', 'ca', 'email:me@acme.example', '-days', '30');
    sign('soon', 'ca', $alt, '-days', '5');
    sign('early', 'ca', $alt, '-startdate', '20980101000000Z', '-enddate',
        '20990101000000Z');
    sign('old', 'ca', $alt, '-startdate', '20200101000000Z', '-enddate',
        '20200102000000Z');
}

sub authority { return at("$_[0].pem") }

# Waits for a line of a job's output; what the pattern takes out of it.
sub wait_for {
    my ($job, $pattern) = @_;
    my $file = "$job->{at}.out";
    for (1 .. 500) {
        return $1 if (slurp($file) // '') =~ $pattern;
        sleep 0.02;
    }
    die "no server: " . (slurp("$job->{at}.err") // '') . "\n";
}

# Its URL; it works until the end of the test.
sub https_mock {
    my ($name, @options) = @_;
    my $job = spawn("mock-$name", $ENV{OMNITRON}, 'mock', '--cert',
        at("$name.pem"), '--key', at("$name.key"), @options);
    push @jobs, $job;
    return wait_for($job, qr{^(https://127\.0\.0\.1:\d+)$}m);
}

# A server that speaks TLS 1.1 at most; its URL.
sub old_server {
    my $job = spawn('old-server', 'openssl', 's_server', '-accept',
        '127.0.0.1:0', '-cert', at('good.pem'), '-key', at('good.key'),
        '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0', '-www');
    push @jobs, $job;
    my $port = wait_for($job, qr{^ACCEPT .*:(\d+)$}m);
    return "https://127.0.0.1:$port";
}

# A proxy for CONNECT, wherever to: it leads to PORT of this machine.
sub tunnel {
    my ($client, $port, $log) = @_;
    my $head = '';
    while ($head !~ /\r\n\r\n/ && sysread $client, my $bytes, 4096) {
        $head .= $bytes;
    }
    syswrite $log, "[$head]\n";
    my $server = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port")
        or return;
    syswrite $client, "HTTP/1.1 200 OK\r\n\r\n";
    my %peer = ($client => $server, $server => $client);
    my $select = IO::Select->new($client, $server);
    while (1) {
        for my $from ($select->can_read) {
            sysread $from, my $bytes, 16384 or return;
            syswrite $log, $bytes;
            syswrite $peer{$from}, $bytes;
        }
    }
}

sub serve_proxy {
    my ($listener, $port, $path) = @_;
    open my $log, '>>:raw', $path or die "$path: $!\n";
    $SIG{CHLD} = 'IGNORE';
    while (my $client = $listener->accept) {
        next if fork;
        tunnel($client, $port, $log);
        require POSIX;
        POSIX::_exit(0);
    }
}

sub start_proxy {
    my ($name, $port) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
        Listen => 16) or die "no proxy: $!\n";
    my $path = at("proxy-$name.heard");
    spill($path, '');
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        serve_proxy($listener, $port, $path);
        require POSIX;
        POSIX::_exit(0);
    }
    push @jobs, { pid => $pid };
    return { url => 'http://127.0.0.1:' . $listener->sockport,
        path => $path };
}

# All that it was told, "" when nobody came.
sub proxy_heard { return slurp($_[0]{path}) }

END {
    if ($$ == $top) {
        local $?;
        kill 'TERM', map { $_->{pid} } @jobs;
        waitpid $_->{pid}, 0 for @jobs;
    }
}

1;
