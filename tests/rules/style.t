#!/usr/bin/perl
# style.t: what can be read off the sources. Allocation goes through
# base/mem, what is printed through base/say, protocol text never through the
# locale, lines end by column 80, and clang-format has nothing to say. Each
# check is also given a line that it has to find.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename qw(dirname);
use Test::More;

my $root = dirname(__FILE__) . '/../..';

sub sources {
    my @paths = map { sort glob "$root/$_" } @_;
    return map { substr $_, 1 + length $root } @paths;
}

sub text_of {
    my ($path) = @_;
    local $/;
    open my $file, '<', "$root/$path" or die "$path: $!";
    return scalar <$file>;
}

# Comments and texts become blanks; the lines keep their numbers.
sub code_of {
    my ($text) = @_;
    $text =~ s{("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*|/\*.*?\*/}
        { my $all = $&; $1 ? '""' : $all =~ s/[^\n]//gr }gse;
    return $text;
}

# The lines of a text that match.
sub lines_like {
    my ($text, $pattern) = @_;
    my ($n, @found) = (0);
    for my $line (split /\n/, $text, -1) {
        $n++;
        push @found, $n if $line =~ $pattern;
    }
    return @found;
}

my $allocation = qr/(?<![\w.>])(malloc|calloc|realloc|reallocarray|free
    |strdup|strndup|asprintf|vasprintf|getline|getdelim|open_memstream)
    \s*\(/x;
my $by_locale = qr/(?<![\w.>])(tolower|toupper|strcasecmp|strncasecmp
    |strcasestr|isalpha|isalnum|isdigit|isspace|isupper|islower|isxdigit
    |ispunct|strcoll)\s*\(/x;
my $printing = qr/(?<![\w.>])(printf|fprintf|vprintf|vfprintf|dprintf|puts|fputs
    |fwrite|putchar|putc|fputc|perror|psignal)\s*\(/x;
my $too_long = qr/^.{81}/;
my $meant = 14; # clang-format: Debian 12's

# A rule of the code: what must not be there, and where it may be.
my @rules = (
    ['memory comes from base/mem', $allocation, qr{^host/base/mem\.c$},
        "    char *copy = strdup(text);\n"],
    # help and version print nothing but what is in the program; io.c writes
    # into a script's own files
    ['what is printed goes through base/say', $printing,
        qr{^host/(base/say|cli/help|cmd/version|modules/io)\.c$},
        "    printf(\"%s\\n\", text);\n"],
    ['no locale in protocol text', $by_locale, qr/^$/,
        "    if (strcasecmp(a, b) == 0)\n"],
);

my @host = sources('host/*.[ch]', 'host/*/*.[ch]');
cmp_ok(scalar @host, '>', 50, 'the sources are read');

for my $rule (@rules) {
    my ($name, $pattern, $allowed, $example) = @$rule;
    my @found;
    for my $path (grep { $_ !~ $allowed } @host) {
        push @found, map { "$path:$_" }
            lines_like(code_of(text_of($path)), $pattern);
    }
    is(join("\n", @found), '', $name);
    is_deeply([lines_like(code_of("/* a\n b */\n$example"), $pattern)], [3],
        "$name: a wrong line is found");
    is_deeply([lines_like(code_of("// $example"), $pattern)], [],
        "$name: a comment may speak of it");
}

my @long;
for my $path (@host) {
    push @long, map { "$path:$_" } lines_like(text_of($path), $too_long);
}
is(join("\n", @long), '', 'no line is longer than 80 columns');
is_deeply([lines_like(('ç' x 80) . "\n" . ('ç' x 81), $too_long)], [2],
    'columns are characters');

SKIP: {
    my @all = (@host, sources('tests/*/*.[ch]'));
    my ($version) = `clang-format --version 2>/dev/null` =~ /version (\d+)/;
    skip 'no clang-format here', 2 if !$version;
    # Each version breaks some lines in another way.
    skip "clang-format is $version, the sources are as $meant has them", 2
        if $version != $meant;
    chdir $root or die "$root: $!";
    my %files = map { /^(\S+?):\d+/ ? ($1 => 1) : () }
        `clang-format --dry-run @all 2>&1`;
    is(join("\n", sort keys %files), '', 'clang-format leaves all as it is');
    my $wrong = `echo 'int  x ;' | clang-format --assume-filename=x.c`;
    is($wrong, "int x;\n", 'clang-format would mend a wrong line');
}

done_testing;
