#!/usr/bin/perl
# circles.t: in host/ whoever calls is above who is called. A noun is a source
# with its header; one noun calls another when its source names a function that
# the other's source defines, in whichever header that is declared. No noun
# comes back to itself so, and no header includes itself by way of others. Nor
# does a noun include itself so, by its source or its header, but for the doors
# whose own floor knows them: these are named here. The same check is then given
# trees with circles, each of which it has to find.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $host = dirname(__FILE__) . '/../../host';

# Whose header has the types that its floor works with, which its source
# includes.
my @doors = qw(csv/csv delivery/delivery history/reader history/tally
    journal/journal mock/canned mock/mock net/net net/transfer profile/profile
    repl/repl task/task);

# The text of each file of the tree by its path, without comments and strings.
sub texts {
    my ($tree, $end) = @_;
    my %texts;
    for my $path (glob("$tree/*.$end $tree/*/*.$end")) {
        open my $file, '<', $path or die "$path: $!";
        my $text = do { local $/; <$file> };
        $text =~ s{("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|/\*.*?\*/|//[^\n]*}
            {defined $1 ? $1 : ' '}gse;
        $texts{ substr $path, 1 + length $tree } = $text;
    }
    return %texts;
}

sub noun { return $_[0] =~ s/\.[ch]$//r }

my $head = qr/^(static\s)?[A-Za-z_][^;{}()=#]*?\b(\w+)\([^;{]*\)\s*\{/m;

# Who defines each function that others may call.
sub definers {
    my (%texts) = @_;
    my %definers;
    for my $path (sort keys %texts) {
        while ($texts{$path} =~ /$head/g) {
            $definers{$2} = noun($path) unless $1;
        }
    }
    return %definers;
}

sub calls {
    my ($tree) = @_;
    my %texts = texts($tree, 'c');
    my %definers = definers(%texts);
    my %calls;
    for my $path (sort keys %texts) {
        my $code = $texts{$path} =~ s/^\s*#[^\n]*|"(?:\\.|[^"\\\n])*"//gmr;
        my %own = ($code =~ /^static\s[^;{}()=]*?\b(\w+)(\()/gm);
        while ($code =~ /(?<![\w.>])((?:struct|enum)\s+)?([A-Za-z_]\w*)/g) {
            my $to = $definers{$2};
            next if defined $1 || !$to || $own{$2} || $to eq noun($path);
            $calls{ noun($path) }{$to}{$2} = 1;
        }
    }
    return %calls;
}

# What the headers include; with $sources, what a noun does, but the sources of
# these doors.
sub includes {
    my ($tree, $sources, @but) = @_;
    my %texts = (texts($tree, 'h'), $sources ? texts($tree, 'c') : ());
    my %includes;
    delete @texts{ map {"$_.c"} @but };
    for my $path (keys %texts) {
        while ($texts{$path} =~ /^\s*#\s*include\s*"([^"]+)"/gm) {
            $includes{ noun($path) }{ noun($1) }{include} = 1
                if noun($1) ne noun($path) || $path =~ /h$/;
        }
    }
    return %includes;
}

# The way from a noun to another, as a list; () if there is none.
sub way {
    my ($graph, $from, $to) = @_;
    my %before = ($from => '');
    my @queue = ($from);
    while (defined(my $at = shift @queue)) {
        for my $next (sort keys %{ $graph->{$at} || {} }) {
            if ($next eq $to) {
                my @way = ($to);
                for (; $at; $at = $before{$at}) { unshift @way, $at }
                return @way;
            }
            next if exists $before{$next};
            $before{$next} = $at;
            push @queue, $next;
        }
    }
    return;
}

# "a/x -> (y_do) a/y -> (x_be) a/x", the shortest of each noun that is in one,
# each circle once.
sub circles {
    my (%graph) = @_;
    my (%seen, @circles);
    for my $noun (sort keys %graph) {
        my @way = $seen{$noun} ? () : way(\%graph, $noun, $noun);
        next unless @way;
        $seen{$_} = 1 for @way;
        my $text = $noun;
        for my $i (1 .. $#way) {
            my ($name) = sort keys %{ $graph{ $way[$i - 1] }{ $way[$i] } };
            $text .= " -> ($name) $way[$i]";
        }
        push @circles, $text;
    }
    return join "\n", @circles;
}

my %texts = texts($host, 'c');
cmp_ok(scalar keys %{ { definers(%texts) } },
    '>', 1000, 'the functions are found');
is(circles(calls($host)), '', 'no noun calls itself by way of others');
is(circles(includes($host)), '', 'no header includes itself');
is(circles(includes($host, 1, @doors)), '', 'no noun does, but for the doors');
for my $door (@doors) {
    isnt(circles(includes($host, 1, grep { $_ ne $door } @doors)), '',
        "$door is a door whose floor knows it");
}

sub tree {
    my (%files) = @_;
    my $tree = tempdir(CLEANUP => 1);
    for my $path (sort keys %files) {
        make_path(dirname("$tree/$path"));
        open my $file, '>', "$tree/$path" or die "$tree/$path: $!";
        print $file $files{$path};
    }
    return $tree;
}

my %pair = (
    'a/x.c' => "int x_be(void)\n{\n    return y_do(1);\n}\n",
    'a/y.c' => "static int two;\n\nint y_do(int n)\n{\n    return n;\n}\n");
is(circles(calls(tree(%pair))), '', 'one that calls another is no circle');
is( circles(calls(tree(%pair, 'a/y.c' => $pair{'a/y.c'} . <<'END'))),
struct x_be;

// x_be(); is said here
static int other(struct x_be *p)
{
    /* x_be() and
     * x_be() */
    return puts("x_be()") + p->x_be + '"';
}
END
    '', 'nor are words, strings, members and types');
is( circles(calls(tree(%pair, 'a/y.c' => <<'END'))),
int y_do(int n)
{
    return n ? '"' : x_be();
}
END
    'a/x -> (y_do) a/y -> (x_be) a/x', 'two that call each other are found');
is( circles(calls(tree(%pair, 'a/y.c' => <<'END'))),
int (*const y_called[])(void) = {
    x_be,
};

bool y_do(
    const struct y *y, int n)
{
    return n;
}
END
    'a/x -> (y_do) a/y -> (x_be) a/x', 'and who only hands the other on');
is( circles(calls(tree(%pair,
            'a/y.c' => "int y_do(int n)\n{\n    return z_go(n);\n}\n",
            'b/z.c' => "#include \"a/own.h\"\nint z_go(int n)\n{\n"
                . "    return n ? 0 : x_be();\n}\n",
            'a/own.h' => "int x_be(void);\nint y_do(int n);\n"))),
    'a/x -> (y_do) a/y -> (z_go) b/z -> (x_be) a/x',
    'three that share a header are found');
is( circles(calls(tree(%pair,
            'a/y.c' => "static int x_be(void)\n{\n    return 1;\n}\n\n"
                . "int y_do(int n)\n{\n    return n + x_be();\n}\n"))),
    '', 'a function of its own that has the name is no call');
is( circles(includes(tree(
            'a/x.h' => "#include \"a/y.h\"\n",
            'a/y.h' => "#  include \"a/x.h\"\n"))),
    'a/x -> (include) a/y -> (include) a/x', 'headers in a circle are found');
my %floor = (
    'a/x.c' => "#include \"a/x.h\"\n#include \"a/y.h\"\n",
    'a/x.h' => "struct x;\n",
    'a/y.h' => "#include \"a/x.h\"\n");
is(circles(includes(tree(%floor))), '', 'a door with its floor is no such');
is( circles(includes(tree(%floor), 1)),
    'a/x -> (include) a/y -> (include) a/x', 'but nouns in a circle');
is(circles(includes(tree(%floor), 1, 'a/x')), '', 'unless it is named');

done_testing;
