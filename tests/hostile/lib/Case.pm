# Case.pm: one file of this folder: its lines "key: value" at the top, and what
# is below them. README says what the keys mean.
package Case;

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(read_case case_files);

my %COMMENT = (lua => '--', host => '#', sh => '#');

# once: the last one holds; list: every one does.
my %KEYS = (
    tries => 'once', exit => 'once', command => 'once', options => 'once',
    args => 'once', rows => 'once', signal => 'once', sent => 'once',
    bound => 'once', needs => 'once', again => 'once', says => 'list',
    never => 'list', profile => 'list', setup => 'list', after => 'list',
);
my %HOST_KEYS = (
    for => 'once', times => 'once', then => 'once', asked => 'once',
    before => 'once', slow => 'once', role => 'once', released => 'once',
    bodies => 'once',
);

sub text_of {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!\n";
    local $/;
    return <$file> // '';
}

sub add_key {
    my ($case, $key, $value) = @_;
    my $kind = $KEYS{$key}
        // ($case->{kind} eq 'host' ? $HOST_KEYS{$key} : undef);
    die "$case->{name}: there is no key $key\n" if !defined $kind;
    if ($kind eq 'list') {
        push @{ $case->{$key} }, $value;
    } else {
        $case->{$key} = $value;
    }
}

# The answer of a .host file: its head has the line ends of HTTP, its body is
# as it stands, without the last line end; \xNN, \r, \n, \\ are bytes.
sub answer_text {
    my ($text) = @_;
    $text =~ s/\n\z//;
    $text .= "\n" if $text =~ /\n\z/ && $text !~ /\n\n/;
    my ($head, $body) = split /\n\n/, $text, 2;
    $head //= '';
    $head =~ s/\n/\r\n/g;
    $text = defined $body ? "$head\r\n\r\n$body" : $head;
    my %named = (r => "\r", n => "\n", '\\' => '\\');
    $text =~ s/\\(?:x([0-9A-Fa-f]{2})|([rn\\]))/
        defined $1 ? chr hex $1 : $named{$2}/ge;
    return $text;
}

sub read_case {
    my ($path) = @_;
    my ($name, $kind) = $path =~ m{([^/]+)\.(lua|host|sh)\z};
    my $case = { name => "$name.$kind", kind => $kind, path => $path,
        text => text_of($path) };
    my @lines = split /\n/, $case->{text}, -1;
    my $comment = qr/^(?:\Q$COMMENT{$kind}\E|#!)\s?(.*)$/;
    while (@lines && $lines[0] =~ $comment) {
        my $line = shift @lines;
        add_key($case, $1, $2)
            if $line =~ /^\S+\s+([a-z]+):\s*(.*?)\s*$/ && $line !~ /^#!/;
    }
    die "$case->{name}: it does not say what it tries\n"
        if !defined $case->{tries};
    shift @lines if @lines && $lines[0] eq '';
    $case->{answer} = answer_text(join "\n", @lines) if $kind eq 'host';
    return $case;
}

# The files of the cases in a folder, in their order.
sub case_files {
    my ($folder) = @_;
    my @files = map { glob "$folder/*.$_" } keys %COMMENT;
    return sort @files;
}

1;
