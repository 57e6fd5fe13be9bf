#!/usr/bin/perl
# Nothing in the environment changes to whom the token goes, or who can read
# it: what libcurl, OpenSSL and their tools would take from there is set to
# the worst.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;
use Tls;

my $token = 'kX9vQ2mZ7pL4tB8wN3rY6sD1fG5hJ0cA';
my $file = folder() . '/lines.csv';
my $home = folder() . '/home';
my $keys = folder() . '/keys.log';
spill($file, "item;erp_doc;erp_line;stock\n1;SO-1;10;own\n");
certificates();

my $good = https_mock('good', '--items', '1-9', '--token', $token);
my ($port) = $good =~ /:(\d+)$/;

mkdir $home;
spill("$home/.netrc", "machine 127.0.0.1 login eve password eve\n"
    . "machine omnitron.test login eve password eve\n", 0600);
spill("$home/.curlrc", "insecure\nproxy = http://127.0.0.1:1\n");
spill("$home/openssl.cnf", <<'END');
openssl_conf = init
[init]
providers = providers
[providers]
null = worst
[worst]
activate = 1
END

my $proxy = start_proxy('environment', $port);
my %worst = (
    SSLKEYLOGFILE => $keys, OPENSSL_CONF => "$home/openssl.cnf",
    OPENSSL_MODULES => '/nowhere', OPENSSL_ENGINES => '/nowhere',
    CTLOG_FILE => '/nowhere', RANDFILE => '/nowhere',
    SSL_CERT_FILE => authority('ca'), SSL_CERT_DIR => folder(),
    CURL_HOME => $home, CURL_CA_BUNDLE => authority('ca'),
    CURL_SSL_BACKEND => 'gnutls', HOME => $home, XDG_CONFIG_HOME => $home,
    (map { $_ => $proxy->{url} } qw(http_proxy https_proxy HTTPS_PROXY
        all_proxy ALL_PROXY)),
);

my $number = 0;

sub release {
    my (@lines) = @_;
    my $acme = customer('acme' . ++$number, $token, 'tries = 1',
        'token_file = "token"', 'first_look = false', @lines);
    spill("$acme/release.lua", <<'LUA');
print("sees", os.getenv "SSLKEYLOGFILE", os.getenv "OPENSSL_CONF",
  os.getenv "SSL_CERT_FILE", os.getenv "CURL_CA_BUNDLE")
omnitron.release { order_item_id = 1, code = "SO-1/10" }
LUA
    local @ENV{keys %worst} = values %worst;
    local @ENV{qw(no_proxy NO_PROXY)} = ('*', '*') if "@lines" =~ /proxy =/;
    my ($code, $out, $err) = omnitron('run', "$acme/release.lua");
    my ($row) = values %{ journal($acme) };
    return ($code, $row->{state}, $out . $err);
}

my $ca = 'ca_file = "' . authority('ca') . '"';

# The environment's worst is bad enough: others heed it.
{
    local $ENV{OPENSSL_CONF} = $worst{OPENSSL_CONF};
    local $ENV{SSL_CERT_FILE} = $worst{SSL_CERT_FILE};
    my ($code) = finish(spawn('curl', 'curl', '-s', $good, '--cacert',
        authority('ca')));
    isnt($code, 0, 'OPENSSL_CONF keeps other programs from the mock');
    delete local $ENV{OPENSSL_CONF};
    ($code) = finish(spawn('s_client', 'openssl', 's_client', '-connect',
        "127.0.0.1:$port", '-verify_return_error'));
    is($code, 0, 'SSL_CERT_FILE makes them trust it');
    local $ENV{SSLKEYLOGFILE} = "$keys.curl";
    local $ENV{https_proxy} = '';
    finish(spawn('curl', 'curl', '-s', $good, '--cacert', authority('ca')));
    ok(-s "$keys.curl", 'SSLKEYLOGFILE makes libcurl write its keys down');
}

{
    my ($code, $state, $said) = release(qq(url = "$good"), $ca);
    is($code, 0, 'ca_file: exit 0') or diag($said);
    is($state, 'confirmed', 'ca_file: released');
    like($said, qr/^sees\tnil\tnil\tnil\tnil$/m, 'the script sees none');
    is(proxy_heard($proxy), '', 'no proxy was used');
}

{
    my ($code, $state, $said) = release(qq(url = "$good"));
    is($code, 5, 'no ca_file: exit 5') or diag($said);
    is($state, 'pending', 'no ca_file: SSL_CERT_FILE vouches for nobody');
    is(proxy_heard($proxy), '', 'no proxy was used');
}

{
    my $mock = start_mock('--items', '1-9', '--token', $token);
    my ($code, $state, $said) = release(qq(url = "$mock->{url}"));
    is($code, 0, 'http: exit 0') or diag($said);
    is($state, 'confirmed', 'http: released');
    is(proxy_heard($proxy), '', 'http: http_proxy was not used');
    ok(stop_mock($mock), 'the mock ends well');
}

{
    my $named = start_proxy('named', $port);
    my ($code, $state, $said) = release('url = "https://omnitron.test"', $ca,
        qq(proxy = "$named->{url}"));
    is($code, 0, 'proxy of the profile: exit 0') or diag($said);
    is($state, 'confirmed', 'proxy of the profile: released');
    like(proxy_heard($named), qr/CONNECT/, 'and used, whatever no_proxy says');
    is(proxy_heard($proxy), '', 'and no other');
}

{
    my ($code, $state, $said) = release('url = "https://omnitron.test"', $ca,
        'proxy = env "https_proxy"');
    is($code, 0, 'a profile can take the environment\'s: exit 0')
        or diag($said);
    like(proxy_heard($proxy), qr/CONNECT/, 'and then it is used');
}

ok(!-e $keys, 'SSLKEYLOGFILE: no key was written down');

done_testing;
