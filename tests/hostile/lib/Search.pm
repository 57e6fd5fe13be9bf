# Search.pm: finds a secret in what was written or sent, in whatever form it
# left: as it is, hexadecimal, numbers of its bytes, base64, percent-encoded,
# turned round, cut into pieces over lines, headers or requests.
package Search;

use strict;
use warnings;

use Exporter 'import';
use MIME::Base64 'encode_base64';

our @EXPORT_OK = qw(forms_in forms_in_chunks);

use constant PIECE => 16; # bytes that count as found: a part is a leak, too
use constant GRAM => 5;   # the shortest run of a cut token that counts
use constant GRAMS => 24; # so many bytes of it, in such runs, are a leak

sub pieces {
    my ($token) = @_;
    my @at = grep { $_ + PIECE <= length $token } map { PIECE * $_ }
        0 .. length($token) / PIECE;
    return map { substr $token, $_, PIECE } @at;
}

# Without the characters at the ends, which depend on the neighbours.
sub base64_of {
    my ($piece) = @_;
    return map { substr encode_base64('x' x $_ . $piece, ''), 4, -4 } 0 .. 2;
}

sub has {
    my ($text, @needles) = @_;
    for my $needle (@needles) {
        return 1 if index($text, $needle) >= 0;
    }
    return 0;
}

sub unescaped {
    my ($text) = @_;
    $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
    $text =~ s/\\x([0-9A-Fa-f]{2})/chr hex $1/ge;
    $text =~ s/\\u00([0-9A-Fa-f]{2})/chr hex $1/ge;
    $text =~ s/\\(\d{3})/chr($1 & 255)/ge;
    return $text;
}

# How many bytes of the token stand in the text in runs of GRAM or more.
sub covered {
    my ($text, $token) = @_;
    my @is;
    for my $at (0 .. length($token) - GRAM) {
        next if index($text, substr $token, $at, GRAM) < 0;
        @is[$at .. $at + GRAM - 1] = (1) x GRAM;
    }
    return scalar grep { $_ } @is;
}

my %forms = (
    raw => sub { has($_[0], pieces($_[1])) },
    escaped => sub {
        my $plain = unescaped($_[0]);
        return $plain ne $_[0] && has($plain, pieces($_[1]));
    },
    hex => sub {
        my $digits = lc($_[0]) =~ s/0x|[^0-9a-f]//gr;
        return has($digits, map { unpack 'H*', $_ } pieces($_[1]));
    },
    decimal => sub {
        my $numbers = $_[0] =~ s/[^0-9]+/,/gr;
        return has($numbers, map { join ',', unpack 'C*', $_ } pieces($_[1]));
    },
    base64 => sub {
        my $letters = $_[0] =~ tr{-_}{+/}r =~ s{[^A-Za-z0-9+/]}{}gr;
        return has($letters, map { base64_of($_) } pieces($_[1]));
    },
    spaced => sub {
        return has($_[0] =~ s/[^A-Za-z0-9]//gr, pieces($_[1]));
    },
    cut => sub { covered($_[0], $_[1]) >= GRAMS },
);

# The names of the forms in which the token is in the text.
sub forms_in {
    my ($text, $token) = @_;
    my $turned = reverse $token;
    my @found = grep { $forms{$_}->($text, $token) } sort keys %forms;
    push @found, map {"turned $_"}
        grep { $forms{$_}->($text, $turned) } sort keys %forms;
    return @found;
}

sub common_start {
    my ($first, @rest) = @_;
    my $n = length $first;
    for my $text (@rest) {
        my $i = 0;
        $i++ while $i < $n && substr($first, $i, 1) eq substr($text, $i, 1);
        $n = $i;
    }
    return $n;
}

# What differs: without what all have at their beginning and at their end.
sub differences {
    my (@texts) = @_;
    return () if @texts < 2;
    my $n = common_start(@texts);
    my @rest = map { scalar reverse substr $_, $n } @texts;
    my $m = common_start(@rest);
    return map { scalar reverse substr $_, $m } @rest;
}

# The values of a request: by header, by place in the target.
sub values_of {
    my ($request) = @_;
    my ($line, @headers) = split /\r?\n/, ($request =~ /\A(.*?)(?:\r?\n){2}/s
        ? $1 : $request);
    my %values;
    for (@headers) {
        push @{ $values{lc $1} }, $2 if /^([^:]*):\s*(.*)/;
    }
    my ($target) = ($line // '') =~ /^\S+ (\S+)/;
    $target //= '';
    $values{' last'} = [$target =~ m{([^/]*)\z}];
    $values{' query'} = [map { s/^[^=]*=//r }
        split /&/, $target =~ /\?(.*)/ ? $1 : ''];
    $values{' all'} = [map {s/^[^:]*:\s*//r} @headers];
    $values{' body'} = [$request =~ /(?:\r?\n){2}(.*)\z/s ? $1 : ''];
    return \%values;
}

# Over consecutive requests: what differs between them, and each of their
# values, joined in their order and against it.
sub forms_in_chunks {
    my ($token, @requests) = @_;
    my @lists = ([@requests], [differences(@requests)],
        [differences(map { /\A([^\r\n]*)/ ? $1 : '' } @requests)]);
    my %by_name;
    for (map { values_of($_) } @requests) {
        my $values = $_;
        push @{ $by_name{$_} }, @{ $values->{$_} } for keys %$values;
    }
    push @lists, values %by_name;
    my %found;
    for my $list (@lists) {
        $found{$_} = 1 for forms_in(join('', @$list), $token),
            forms_in(join('', reverse @$list), $token);
        $found{decimal} = 1
            if $forms{decimal}->(join(',', @$list), $token);
    }
    my @found = sort keys %found;
    return @found;
}

1;
