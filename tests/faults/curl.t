#!/usr/bin/perl
# To whom the token goes: to a host with a certificate that holds, over TLS
# 1.2 or later, by the profile's proxy or none. Everything else is "not sent":
# the rows stay pending, nothing is unknown, the host hears nothing.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::INET;
use Rig;
use Test::More;
use Tls;

my $token = 'kX9vQ2mZ7pL4tB8wN3rY6sD1fG5hJ0cA';
my $file = folder() . '/lines.csv';
spill($file, "item;erp_doc;erp_line;stock\n1;SO-1;10;own\n2;SO-2;10;own\n");
certificates();

my $number = 0;

# One run of two rows: (exit code, the state of both rows, what it said).
sub release {
    my (@lines) = @_;
    my $acme = customer('acme' . ++$number, $token, 'tries = 1',
        'token_file = "token"', @lines);
    my ($code, $out, $err) = omnitron('run', "$acme/rules.lua", $file);
    my %states = map { $_->{state} => 1 } values %{ journal($acme) };
    return ($code, join(' ', sort keys %states), $out . $err);
}

sub url_of { return qq(url = "$_[0]") }
sub ca { return 'ca_file = "' . authority($_[0]) . '"' }

my @options = ('--items', '1-9', '--token', $token);
my %mock = map { $_ => https_mock($_, @options) }
    qw(good strange other old self);

{
    my ($code, $states, $said) = release(url_of($mock{good}), ca('ca'));
    is($code, 0, 'ca_file: exit 0') or diag($said);
    is($states, 'confirmed', 'ca_file: released');
}

# What each must say, so that it fails for the reason that is meant.
my @refused = (
    ['no ca_file', $mock{good}, undef, qr/certificate/i],
    ['another authority', $mock{strange}, 'ca', qr/certificate/i],
    ['another name', $mock{other}, 'ca', qr/127\.0\.0\.1/],
    ['expired', $mock{old}, 'ca', qr/expired/i],
    ['signed by itself', $mock{self}, 'ca', qr/certificate/i],
    ['TLS 1.1', old_server(), 'ca', qr/TLS|SSL|alert|protocol/i],
);

for (@refused) {
    my ($title, $url, $authority, $says) = @$_;
    for my $look ('first_look = false', 'prefix = "i1"') {
        my $case = $look =~ /false/ ? $title : "$title, first look";
        my ($code, $states, $said) = release(url_of($url), $look,
            $authority ? ca($authority) : ());
        like($code, qr/^[56]$/, "$case: exit 5 or 6") or diag($said);
        is($states, 'pending', "$case: not sent");
        like($said, $says, "$case: says why") if $look =~ /false/;
    }
}

# What no later run cures is a mistake in the profile, before anything is sent.
{
    my ($code, $states, $said) = release(url_of($mock{good}), ca('nowhere'));
    is($code, 2, 'an authority without a file: exit 2') or diag($said);
    is($states, '', 'nothing is kept');
    like($said, qr/ca_file \S*nowhere\.pem cannot be read: No such file/,
        'it is named');
}

# The proxy of the profile is told where to, and reads nothing.
{
    my ($port) = $mock{good} =~ /:(\d+)$/;
    my $proxy = start_proxy('named', $port);
    my ($code, $states, $said) = release(url_of('https://omnitron.test'),
        ca('ca'), qq(proxy = "$proxy->{url}"));
    is($code, 0, 'proxy: exit 0') or diag($said);
    is($states, 'confirmed', 'proxy: released');
    my $heard = proxy_heard($proxy);
    like($heard, qr{^\[CONNECT omnitron\.test:443 HTTP/1}, 'proxy: used');
    is(index($heard, $token), -1, 'proxy: did not see the token');
    is(index($heard, 'Authorization'), -1, 'proxy: nor a header');
}

# A redirect is followed by nobody.
sub serve_redirect {
    my ($listener, $to) = @_;
    while (my $client = $listener->accept) {
        my $head = '';
        while ($head !~ /\r\n\r\n/ && sysread $client, my $bytes, 4096) {
            $head .= $bytes;
        }
        syswrite $client, "HTTP/1.1 307 Temporary Redirect\r\n"
            . "Location: $to\r\nContent-Length: 0\r\n"
            . "Connection: close\r\n\r\n";
        close $client;
    }
}

sub listener {
    return IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 16)
        // die "listen: $!\n";
}

for my $look ('first_look = false', 'prefix = "i1"') {
    my $other = start_proxy('redirect' . ($look =~ /false/ ? 1 : 2), 1);
    my $listener = listener();
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        serve_redirect($listener, "$other->{url}/api/");
        require POSIX;
        POSIX::_exit(0);
    }
    my ($code, $states, $said) = release(
        url_of('http://127.0.0.1:' . $listener->sockport), $look);
    kill 'KILL', $pid;
    waitpid $pid, 0;
    my $looks = $look !~ /false/;
    like($code, $looks ? qr/^6$/ : qr/^[46]$/, "a redirect, $look: exit $code")
        or diag($said);
    like($states, $looks ? qr/^pending$/ : qr/unknown/,
        "a redirect, $look: $states");
    is(proxy_heard($other), '', "a redirect, $look: not followed");
}

done_testing;
