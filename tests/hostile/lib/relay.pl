#!/usr/bin/perl
# relay.pl ADDRESS PORT TO PORT: what comes to the one goes to the other.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($address, $port, $to, $to_port) = @ARGV;
my $listener = IO::Socket::INET->new(LocalAddr => $address,
    LocalPort => $port, Listen => 16, ReuseAddr => 1) or die "$address: $!\n";
$SIG{CHLD} = 'IGNORE';
$| = 1;
print "ready\n";
while (my $client = $listener->accept) {
    next if fork;
    my $server = IO::Socket::INET->new("$to:$to_port") or exit;
    my %peer = ($client => $server, $server => $client);
    my $select = IO::Select->new($client, $server);
    while (1) {
        for my $from ($select->can_read) {
            sysread $from, my $bytes, 65536 or exit;
            syswrite $peer{$from}, $bytes;
        }
    }
}
