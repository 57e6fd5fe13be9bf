#!/usr/bin/perl
# http_tls.t: whom http trusts, and what it shows of itself: ca_file,
# client_cert and client_key against a server that asks for a certificate.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::INET;
use Rig;
use Test::More;
use Time::HiRes qw(sleep);
use Tls;

certificates();
my $folder = folder();

my $own = 'good'; # the server's certificate

# A server that wants a certificate of our authority; its URL.
sub s_server {
    my ($name, @options) = @_;
    my $job = spawn($name, 'openssl', 's_server', '-accept', '127.0.0.1:0',
        '-cert', authority($own), '-key', "$folder/$own.key", '-www',
        @options);
    for (1 .. 500) {
        my $port = (slurp("$job->{at}.out") // '') =~ /^ACCEPT .*:(\d+)$/m
            ? $1 : undef;
        return ($job, "https://127.0.0.1:$port") if $port;
        sleep 0.02;
    }
    die 'no server: ', slurp("$job->{at}.err"), "\n";
}

my ($plain, $url) = s_server('plain');
my ($strict, $strict_url) = s_server('strict', '-Verify', '1', '-CAfile',
    authority('ca'), '-verify_return_error');

# What a request comes to: its status, or why there is none.
sub outcome {
    my ($where, $options) = @_;
    my $path = "$folder/script.lua";
    spill($path, <<"END");
local url, at = ...
local function file(name) return at .. "/" .. name end
local reply, message, kind = http.get(url, { tries = 1, $options })
print(reply and reply.status or kind)
END
    my ($code, $out, $err) =
        omnitron('run', '--mock', $path, $where, $folder);
    return $code == 0 ? $out : "$out$err";
}

my $ca = 'ca_file = file "ca.pem"';
is(outcome($url, $ca), "200\n", 'an authority of our own');
is(outcome($url, ''), "tls\n", 'which is not trusted otherwise');
is(outcome($url, 'ca_file = file "stranger.pem"'), "tls\n",
    'another authority is not enough');
is(outcome($url, 'ca_file = file "none.pem"'), "tls\n",
    'nor is a file that is not there');

my $ours = 'client_cert = file "other.pem", client_key = file "other.key"';
is(outcome($strict_url, "$ca, $ours"), "200\n", 'a certificate of ours');
isnt(outcome($strict_url, $ca), "200\n", 'without it there is no reply');
isnt(outcome($strict_url, "$ca, client_cert = file 'strange.pem', "
        . "client_key = file 'strange.key'"), "200\n",
    'nor with one of another authority');
is(outcome($strict_url, "$ca, client_cert = file 'other.pem', "
        . "client_key = file 'good.key'"), "tls\n",
    'nor with a key that does not belong to it');

# A name in the subject alone is none, whether there is another kind of
# subjectAltName or not; also when it is right.
for my $name (qw(bare mail)) {
    $own = $name;
    my ($job, $where) = s_server($name);
    is(outcome($where, $ca), "tls\n", "$name: a CN alone is refused");
    spill("$folder/named.lua", "local url, ca = ...\n"
            . 'print(select(2, http.get(url, { tries = 1, ca_file = ca })))');
    my (undef, $out) = omnitron('run', '--mock', "$folder/named.lua", $where,
        authority('ca'));
    like($out, qr/certificate of 127\.0\.0\.1 .* has no subjectAltName, only/,
        'and said');
    kill 'TERM', $job->{pid};
    waitpid $job->{pid}, 0;
}

for my $job ($plain, $strict) {
    kill 'TERM', $job->{pid};
    waitpid $job->{pid}, 0;
}
done_testing;
