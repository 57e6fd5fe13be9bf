#!/usr/bin/perl
# The search for a secret finds it in each form, and finds nothing where there
# is none: what the other tests of this folder say rests on it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use MIME::Base64;
use Search qw(forms_in forms_in_chunks);
use Test::More;

alarm 120;

my $token = 'kX9vQ2mZ7pL4tB8wN3rY6sD1fG5hJ0cAeUiOqWzEyRxTvPuSbNaMkDjFgHlCwV4t';
my @bytes = split //, $token;

sub percent {
    return join '', map { sprintf '%%%02x', ord } split //, $_[0];
}

my %texts = (
    'as it is' => "x $token y",
    'a quarter of it' => 'x' . substr($token, 16, 16),
    'hexadecimal' => 'a' . unpack('H*', "Token $token"),
    'in capitals' => uc unpack('H*', $token),
    'with 0x' => join(', ', map { sprintf '0x%02X', ord } @bytes),
    'with blanks' => join(' ', map { sprintf '%02x', ord } @bytes),
    'numbers' => join(',', map { ord } @bytes),
    'numbers in lines' => join("\n", map { ord } @bytes),
    'base64' => encode_base64("Token $token"),
    'base64, once shifted' => encode_base64("aToken $token", ''),
    'base64, twice shifted' => encode_base64("abToken $token", ''),
    'base64 of a URL' => encode_base64("\xFF\xFE$token", '')
        =~ tr{+/}{-_}r =~ s/=//gr,
    'percent' => percent($token),
    'percent here and there' => $token =~ s/([a-m])/percent($1)/ger,
    'escapes of Lua' => join('', map { sprintf '\\%03d', ord } @bytes),
    'escapes of JSON' => join('', map { sprintf '\\u%04x', ord } @bytes),
    'turned' => scalar reverse($token),
    'turned, in base64' => encode_base64(scalar reverse $token),
    'turned, hexadecimal' => unpack('H*', reverse $token),
    'with a dot between' => join('.', @bytes),
    'a character a line' => join("\r\n", @bytes),
    'in runs of eight' => join(' : header-a: ', $token =~ /(.{8})/g),
    'in runs of six' => join(' some words 123 ', $token =~ /(.{1,6})/g),
);
ok(scalar forms_in($texts{$_}, $token), "found: $_") for sort keys %texts;

my $other = join '', reverse(split /(.{3})/, $token);
my %clean = (
    'nothing' => '',
    'another token' => $other,
    'ten of its bytes' => substr($token, 5, 10),
    'a megabyte' => join('', map { chr(33 + ($_ * 7919 >> 3) % 94) }
        1 .. 1_000_000),
);
is(join(' ', forms_in($clean{$_}, $token)), '', "not found: $_")
    for sort keys %clean;

sub request {
    my ($target, @headers) = @_;
    return join "\r\n", "GET $target HTTP/1.1", 'Host: 127.0.0.1:4711',
        @headers, '', '';
}

my %requests = (
    'one a path' => [map { request("/$_") } @bytes],
    'one a path, backwards' => [map { request("/$_") } reverse @bytes],
    'one inside the path' => [map { request("/x/$_/y.json") } @bytes],
    'two a query' => [map { request("/?q=$_&r=1") } $token =~ /(..)/g],
    'a header each' => [map { request('/', "X-Part: $_") } @bytes],
    'headers of one' => [request('/', map { "X-" . ord() . ": $_" } @bytes)],
    'values of one query' => [request('/?' . join '&',
        map { "k$_=$bytes[$_]" } 0 .. $#bytes)],
    'numbers' => [map { request('/n/' . ord($_) . '/') } @bytes],
    'hexadecimal' => [map { request('/' . unpack 'H*', $_) } @bytes],
    'bodies' => [map { request('/', 'Content-Length: 3') . $_ }
        $token =~ /(.{1,3})/g],
);
ok(scalar forms_in_chunks($token, @{ $requests{$_} }), "over requests: $_")
    for sort keys %requests;
is(join(' ', forms_in_chunks($token,
    map { request("/page/$_", "X: $_") } 1 .. 200)), '',
    'not found over clean requests');

done_testing;
