#!/usr/bin/perl
# A host whose words are hostile: terminal escapes, line ends, markup, control
# characters of Unicode, text that turns or hides, a megabyte. Wherever they
# are shown they are one line, escaped and cut.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Encode qw(encode decode FB_CROAK);
use IO::Socket::INET;
use JSON::PP ();
use Test::More;

alarm 300;

my %words = (
    escapes => "\e[2J\e[31mall is well\e]0;title\a\eP\e\\",
    lines => "one\nerror: two\r\nthree\x{85}four\x{2028}five\x{2029}six\x0B\x0C",
    controls => join('', map { chr } 0x01 .. 0x1F, 0x7F .. 0x9F),
    turned => "\x{202E}lleh\x{202C} \x{2066}x\x{2069}\x{200F}\x{61C}",
    hidden => "a\x{200B}b\x{200D}c\x{FEFF}d\x{AD}e\x{2060}f\x{E0041}\x{FE0F}",
    markup => '<script>alert(1)</script>&lt;%s%n%1$s\\x1B[0m',
    long => 'long ' x 200_000,
);

# Every field of an error as an API of this kind has it.
sub bodies {
    my ($text) = @_;
    my $json = JSON::PP->new->utf8->canonical;
    return (
        detail => $json->encode({ detail => $text }),
        field => $json->encode({ code => [$text, $text] }),
        name => $json->encode({ $text => [$text] }),
        errors => $json->encode({ non_field_errors => $text }),
        error => $json->encode({ error => { a => [$text] } }),
        list => $json->encode([$text]),
        string => JSON::PP->new->utf8->allow_nonref->encode($text),
        escaped => JSON::PP->new->ascii->encode({ detail => $text }),
        plain => encode('UTF-8', $text),
        page => '<html><title>' . encode('UTF-8', $text),
        bytes => "\xFF\xFE\x9B2J\x80" . encode('UTF-8', $text),
    );
}

my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 50,
    ReuseAddr => 1) or die "no socket: $!\n";
my $port = $listener->sockport;
my $answer = folder() . '/answer'; # what a POST gets: status, then the body

sub serve {
    my ($socket) = @_;
    my $head = '';
    while (my $line = <$socket>) {
        $head .= $line;
        last if $line eq "\r\n";
    }
    read $socket, my $body, $1 if $head =~ /content-length: (\d+)/i;
    my ($status, $text) = $head =~ /^POST/
        ? split(/\n/, slurp($answer), 2) : (200, '{"results":[]}');
    my $type = $head =~ /^POST/ ? $text =~ /^</ ? 'text/html'
        : 'application/json' : 'application/json';
    print {$socket} "HTTP/1.1 $status \e[31mHi\x9B\r\nContent-Type: $type\r\n",
        "Connection: close\r\nContent-Length: ", length $text, "\r\n\r\n",
        $text;
    close $socket;
}

my $server = fork // die "fork: $!\n";
if (!$server) {
    $SIG{PIPE} = 'IGNORE';
    while (my $socket = $listener->accept) {
        serve($socket);
    }
    require POSIX;
    POSIX::_exit(0);
}
END { local $?; kill 'KILL', $server if $server }

# What a terminal would obey, what hides, or more than a line has.
sub faults_of {
    my ($bytes) = @_;
    my @faults;
    my $text = eval { decode('UTF-8', my $copy = $bytes, FB_CROAK) };
    return 'no UTF-8' if !defined $text;
    push @faults, sprintf 'U+%04X', ord $1
        if $text =~ /([^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}\x{FE00}-\x{FE0F}])/;
    push @faults, 'a line of ' . length($1) . ' characters'
        if $text =~ /^(.{20000,})$/m;
    push @faults, 'forged: ' . $1 if $text =~ /^(error: two.*)$/m;
    return join ', ', @faults;
}

my $next = 0;

# A customer, and one run against the words; all that was shown of it.
sub shown {
    my ($status, $body) = @_;
    my $acme = customer('acme' . $next++, 'mock',
        "url = \"http://127.0.0.1:$port\"", 'token_file = "token"',
        'tries = 1', 'at_once = 1');
    spill($answer, "$status\n$body");
    my $lines = items_file("lines$next.csv", 5);
    my @profile = ('--profile', "$acme/profile.lua");
    my $log = "$acme/log";
    my %out;
    (undef, undef, $out{run}) = omnitron('run', '--log-file', $log,
        "$acme/rules.lua", $lines);
    $out{log} = slurp($log);
    (undef, undef, $out{verbose}) = omnitron('run', '-v', "$acme/rules.lua",
        $lines);
    (undef, undef, $out{json}) = omnitron('run', '--log-format', 'json',
        '--log-file', "$log.json", "$acme/rules.lua", $lines);
    $out{'json log'} = slurp("$log.json");
    (undef, $out{open}) = omnitron('journal', 'open', $acme);
    (undef, $out{list}) = omnitron('journal', 'list', $acme);
    (undef, $out{'list --json'}) = omnitron('journal', 'list', '--json',
        $acme);
    (undef, $out{show}) = omnitron('journal', 'show', @profile, 5);
    (undef, $out{'show --json'}) = omnitron('journal', 'show', '--json',
        @profile, 5);
    (undef, $out{why}) = omnitron('why', @profile, 5);
    (undef, $out{'why --json'}) = omnitron('why', '--json', @profile, 5);
    (undef, $out{report}) = omnitron('report', @profile);
    $out{notes} = slurp("$acme/journal.db.notes");
    return \%out;
}

sub is_harmless {
    my ($out, $title) = @_;
    my @bad;
    for my $where (sort keys %$out) {
        my $faults = faults_of($out->{$where});
        push @bad, "$where: $faults" if $faults ne '';
        next if $where !~ /json/;
        for my $line (split /\n/, $out->{$where}) {
            push @bad, "$where: no JSON: $line"
                if !eval { JSON::PP->new->utf8->decode($line) };
        }
    }
    is(join("\n", @bad), '', $title);
}

isnt(faults_of($_), '', 'the test finds it')
    for map { encode('UTF-8', $words{$_}) }
        grep { $_ ne 'markup' } keys %words;

for my $kind (sort keys %words) {
    my %bodies = bodies($words{$kind});
    my @fields = is_asan() || $kind !~ /^(escapes|turned|long)$/
        ? qw(detail name bytes) : sort keys %bodies;
    is_harmless(shown(400, $bodies{$_}), "$kind as $_") for @fields;
    is_harmless(shown(500, $bodies{detail}), "$kind, outcome unknown");
    is_harmless(shown(401, $bodies{detail}), "$kind, of the token");
    is_harmless(shown(201, $bodies{detail}), "$kind, a success that is none");
}

like(shown(400, { bodies($words{escapes}) }->{detail})->{run},
    qr/5\s+rejected:\s+400/, 'the status is told');

# The words of an ERP, and what a script makes of them.
my $acme = customer('script', 'mock', "url = \"http://127.0.0.1:$port\"",
    'token_file = "token"');
spill("$acme/run.lua", <<'LUA');
local reply, why, kind, all = http.post(arg[1], { body = "" })
local words = all and all.body or reply and reply.body or ""
log.warn(words, { words = words, [words] = 1 })
pcall(omnitron.remember, "words", words:sub(1, 1000))
pcall(omnitron.remember, words, 1)
omnitron.release_all({ 1 }, function() error(words) end,
  { name = function() return words end })
omnitron.release_all({ 2 }, function() return nil, words, "later" end)
omnitron.release_all({ 3 }, function()
  return { order_item_id = words, code = words }
end)
error(words)
LUA
spill("$acme/plan.lua", <<'LUA');
local words = arg[1]
omnitron.release_all({ 1 }, function() error(words) end,
  { name = function() return words end })
omnitron.release_all({ 2 }, function() return nil, words, "later" end)
LUA
my @profile = ('--profile', "$acme/profile.lua");
for my $kind (sort keys %words) {
    my %out;
    spill($answer, "400\n" . encode('UTF-8', $words{$kind}));
    for my $format ('text', 'json') {
        my $log = "$acme/$kind.$format";
        (undef, undef, $out{$format}) = omnitron('run', '--log-format',
            $format, '--log-file', $log, "$acme/run.lua",
            "http://127.0.0.1:$port/");
        $out{"$format log"} = slurp($log);
    }
    $out{notes} = slurp("$acme/journal.db.notes");
    (undef, $out{open}) = omnitron('journal', 'open', $acme);
    (undef, $out{recall}) = omnitron('recall', @profile);
    (undef, $out{'recall bare'}) = omnitron('recall', @profile, 'words');
    (undef, $out{'recall --json'}) = omnitron('recall', '--json', @profile);
    (undef, $out{report}) = omnitron('report', @profile);
    (undef, $out{'report --json'}) = omnitron('report', '--json', @profile);
    (undef, $out{html}) = omnitron('report', '--html', '-', @profile);
    (undef, $out{export}) = omnitron('journal', 'export', '--json', @profile);
    (undef, $out{plan}, $out{'plan err'}) = omnitron('plan', '--all',
        "$acme/plan.lua", slurp($answer) =~ s/[\n\0]//gr)
        if $kind ne 'long'; # longer than a command line may be
    is_harmless(\%out, "$kind, by a script");
    cmp_ok(length $out{text}, '<', 40_000, "$kind, by a script: it is cut");
}

done_testing;
