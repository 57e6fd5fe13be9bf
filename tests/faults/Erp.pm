# Erp.pm: an ERP with orders, as examples/waiting-orders asks for it. It keeps
# whatever it gets: an order that is posted twice is there twice.
package Erp;

use strict;
use warnings;

use Exporter 'import';
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Time::HiRes 'sleep';

our @EXPORT = qw(start_erp stop_erp erp_received erp_orders);

my $json = JSON::PP->new->utf8->canonical;
my $top = $$;
my %running;

# One request: (method, target, body); nothing when it did not come whole.
sub read_request {
    my ($socket) = @_;
    my $text = '';
    while ($text !~ /\r\n\r\n/) {
        sysread $socket, $text, 65536, length $text or return;
    }
    my ($head, $body) = split /\r\n\r\n/, $text, 2;
    my ($length) = $head =~ /^content-length: *(\d+)/mi;
    while (length $body < ($length // 0)) {
        sysread $socket, $body, 65536, length $body or return;
    }
    my ($method, $target) = $head =~ /^(\S+) (\S+)/ or return;
    return ($method, $target, $body);
}

sub make_order {
    my ($orders, $body) = @_;
    my $asked = $json->decode($body);
    my $at = 0;
    my $order = { number => sprintf('SO-%d', 7001 + @$orders),
        reference => $asked->{reference},
        lines => [map { { line => 10 * ++$at, reference => $_->{reference} } }
            @{ $asked->{lines} }] };
    push @$orders, $order;
    return $order;
}

sub answer_of {
    my ($state, $method, $target, $body) = @_;
    return (200, $state->{received}) if $target eq '/received';
    return (200, $state->{orders}) if $target eq '/all';
    push @{ $state->{received} }, "$method $target";
    if ($method eq 'GET' && $target =~ m{^/orders\?reference=(\w+)$}) {
        return (200, [grep { $_->{reference} eq $1 } @{ $state->{orders} }]);
    } elsif ($method eq 'POST' && $target eq '/orders') {
        return (201, make_order($state->{orders}, $body));
    }
    return (404, { error => "no $method $target" });
}

# One after the other, in the order in which they came: what a client sent
# before it was killed is done before the next one is heard.
sub serve {
    my ($listener, $delay) = @_;
    my $state = { received => [], orders => [] };
    while (my $socket = $listener->accept) {
        my ($method, $target, $body) = read_request($socket) or next;
        my ($status, $value) = answer_of($state, $method, $target, $body);
        my $text = $json->encode($value);
        sleep $delay;
        syswrite $socket, "HTTP/1.1 $status OK\r\nConnection: close\r\n"
            . "Content-Type: application/json\r\nContent-Length: "
            . length($text) . "\r\n\r\n$text";
    }
}

# `delay`: seconds between what it does and its answer.
sub start_erp {
    my ($delay) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
        Listen => 128) or die "no port for the ERP: $!\n";
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        $SIG{PIPE} = 'IGNORE';
        serve($listener, $delay);
        POSIX::_exit(0);
    }
    $running{$pid} = 1;
    return { pid => $pid, port => $listener->sockport,
        url => 'http://127.0.0.1:' . $listener->sockport };
}

sub stop_erp {
    my ($erp) = @_;
    kill 'KILL', $erp->{pid};
    waitpid $erp->{pid}, 0;
    delete $running{ $erp->{pid} };
}

sub ask {
    my ($erp, $path) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $erp->{port}) or die "no connection to the ERP: $!\n";
    print {$socket} "GET $path HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    local $/;
    my ($head, $body) = split /\r\n\r\n/, <$socket>, 2;
    return $json->decode($body);
}

# What came, in order: "POST /orders".
sub erp_received {
    my ($erp) = @_;
    return @{ ask($erp, '/received') };
}

# The orders it has, in the order in which they were made.
sub erp_orders {
    my ($erp) = @_;
    return @{ ask($erp, '/all') };
}

END {
    if ($$ == $top) {
        local $?;
        kill 'KILL', keys %running;
    }
}

1;
