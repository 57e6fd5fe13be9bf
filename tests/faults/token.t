#!/usr/bin/perl
# The token is nowhere but in memory and on the wire: not in what a run
# prints, logs or keeps, not in what the system shows of its process.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use MIME::Base64;
use POSIX ();
use IO::Socket::INET;
use Rig;
use Test::More;
use Time::HiRes qw(sleep);
use Tls;

# No token of anybody's: 64 letters and digits that nothing else contains.
my $canary = 'kX9vQ2mZ7pL4tB8wN3rY6sD1fG5hJ0cAeUiOqWzEyRxTvPuSbNaMkDjFgHlCwV4t';
my $other = 'a3Wn8RkT+yPz1LqV7mXc9BdS2fGh4/uE6oCiQ0eHtKpMrNsYvAx=wFbUzIgOlZj7q';

# What a piece of a token looks like: as it is, in hexadecimal, in base64 at
# each of its three alignments (without the characters at the ends, which
# depend on the neighbours), and as a URL writes it.
sub shapes {
    my ($piece) = @_;
    my @shapes = ($piece, unpack('H*', $piece), uc unpack('H*', $piece));
    push @shapes, substr encode_base64('x' x $_ . $piece, ''), 4, -4
        for 0 .. 2;
    my $in_url = $piece =~ s{(\W)}{sprintf "%%%02X", ord $1}ger;
    push @shapes, $in_url if $in_url ne $piece;
    return @shapes;
}

my @shapes = map { my $token = $_; map { shapes(substr $token, $_, 20) }
        (0, 22, 44) } $canary, $other;

sub hits {
    my ($text) = @_;
    return grep { index($text, $_) >= 0 } @shapes;
}

my %seen; # name => bytes that were searched
my @leaks;

sub search {
    my ($name, $text) = @_;
    $seen{$name} += length($text // '');
    push @leaks, $name if defined $text && hits($text);
}

# Every file of the customer, also what a run leaves for a moment.
sub search_folder {
    my ($path) = @_;
    opendir my $folder, $path or die "$path: $!\n";
    search("$_ of a run", slurp("$path/$_"))
        for grep { -f "$path/$_" && !/^token$/ } readdir $folder;
}

is(scalar hits("a $canary b"), 3, 'a token is found as it is');
ok(hits('xx' . encode_base64("Token $canary", '')), 'in base64');
ok(hits('a?b=' . $other =~ s{(\W)}{sprintf "%%%02X", ord $1}ger),
    'in a URL');
ok(hits(unpack 'H*', "Token $other"), 'and in hexadecimal');

my $mock = start_mock('--items', '1-999999', '--token', $canary,
    '--latency', '30');
my $lines = "item;erp_doc;erp_line;stock\n";
$lines .= "$_;SO-$_;10;own\n" for 1 .. 100;
my $file = folder() . '/lines.csv';
spill($file, $lines);

# A script that tries to get at it, too.
my $script = <<'LUA';
local rule = require "rules"
local function show(...)
  for _, text in ipairs { ... } do
    print(text)
    log.info(text)
  end
end
show(tostring(os.getenv "OMNITRON_TOKEN"))
for name, value in pairs(settings) do show(tostring(name), tostring(value)) end
omnitron.release_all(csv.rows(arg[1]), function(row, n)
  log.debug("row", { n = n })
  if row.item == "7" then error("row 7 is wrong") end
  return rule(row, n)
end)
LUA

sub command {
    my ($acme) = @_;
    return ($ENV{OMNITRON}, 'run', '-v', '--log-file', "$acme/log",
        '--log-format', 'json', '--summary', "$acme/summary.json",
        "$acme/release.lua", $file);
}

sub prepare {
    my ($name, $token, @lines) = @_;
    my $acme = customer($name, $token, 'at_once = 4', 'first_look = false',
        @lines);
    spill("$acme/release.lua", $script);
    return $acme;
}

# While it runs; what another user's process may not show is not shown.
sub search_process {
    my ($pid, $acme) = @_;
    search("/proc/PID/$_", slurp("/proc/$pid/$_")) for qw(cmdline environ);
    search_folder($acme);
}

sub at_work {
    my ($acme) = @_;
    for (1 .. 500) {
        return 1 if -s "$acme/journal.db-wal";
        sleep 0.01;
    }
    return 0;
}

sub run_searched {
    my ($title, $acme, $expected) = @_;
    my $job = spawn('run', command($acme));
    ok(at_work($acme), "$title: at work");
    sleep 0.1;
    search_process($job->{pid}, $acme);
    my $limits = slurp("/proc/$job->{pid}/limits") // '';
    like($limits, qr/^Max core file size\s+0\s+0\s/m, "$title: no core file")
        if !is_asan();
    my ($code, $out, $err) = finish($job);
    is($code, $expected, "$title: exit $expected") or diag($err);
    search('stdout', $out);
    search('stderr', $err);
    search_folder($acme);
    return ($out, $err);
}

my $url = qq(url = "$mock->{url}");

{
    my $acme = prepare('file', $canary, $url, 'token_file = "token"',
        'settings = { key = secret "token" }');
    my ($out) = run_searched('token file', $acme, 3);
    like($out, qr/^nil$/m, 'token file: the script sees no variable');
    like($out, qr/^\*\*\*$/m, 'token file: a secret it prints is masked');
    is(summary("$acme/summary.json")->{confirmed}, 99,
        'token file: and it is the right one');
}

{
    local $ENV{OMNITRON_TOKEN} = $canary;
    my $acme = prepare('variable', undef, $url);
    my ($out) = run_searched('variable', $acme, 3);
    like($out, qr/^nil$/m, 'variable: it is gone when the script starts');
    is(summary("$acme/summary.json")->{confirmed}, 99,
        'variable: and the token is the right one');
}

{
    my $acme = prepare('wrong', $other, $url, 'token_file = "token"');
    my ($code, $out, $err) = finish(spawn('run', command($acme)));
    cmp_ok($code, '!=', 0, 'another token (401): not exit 0');
    search('stdout of a 401', $out);
    search('stderr of a 401', $err);
    search_folder($acme);
    is(summary("$acme/summary.json")->{confirmed}, 0,
        'another token: nothing is confirmed');
}

# A host that gives back what it was sent: the token in its words, in every
# form of an answer that a run reads or keeps.
my $echo_body = sub {
    my ($said) = @_;
    return qq({"pk":1,"object_id":1,"code":"SO-1\/10","content_type":2,)
        . qq("integration_type":"$said","note":"$said"});
};
my @echoes = (
    ['applied', '201 Created', $echo_body],
    ['refused', '400 Bad Request', sub { qq({"detail":"not $_[0]"}) }],
    ['refused, a name', '404 Not Found', sub { qq({"$_[0]":["x"]}) }],
    ['refused, in escapes', '400 Bad Request', sub {
        qq({"detail":") . $_[0] =~ s{(.)}{sprintf "\\u%04x", ord $1}ger
            . '"}' }],
    ['refused, as text', '403 Forbidden', sub { "no: $_[0]" }],
    ['refused, far behind', '400 Bad Request',
        sub { '["' . 'x' x 4060 . qq($_[0]"]) }],
    ['refused, in the first line', '400 SAID', sub { '{}' }],
    ['the token', '401 Unauthorized', sub { qq({"detail":"$_[0]"}) }],
    ['an error', '500 Oops', sub { "<h1>$_[0]</h1>" }],
    ['no JSON', '200 OK', sub { "<pre>Authorization: Token $_[0]</pre>" }],
    ['another item', '200 OK',
        sub { qq({"pk":1,"object_id":"$_[0]","code":"$_[0]"}) }],
    ['a redirect', "302 Found\r\nLocation: http://127.0.0.1:1/?t=SAID",
        sub { $_[0] }],
    ['no HTTP', 'SAID', sub { $_[0] }],
);

sub echo_once {
    my ($client, $status, $body) = @_;
    my $head = '';
    while ($head !~ /\r\n\r\n/ && sysread $client, my $bytes, 4096) {
        $head .= $bytes;
    }
    my ($said) = $head =~ /^Authorization: Token (.*?)\r/m or return;
    my $text = $body->($said);
    $status =~ s/SAID/$said/;
    my $line = $status eq $said ? "HTTQ $said" : "HTTP/1.1 $status";
    syswrite $client, "$line\r\nX-Said: $said\r\nContent-Length: "
        . length($text) . "\r\nConnection: close\r\n\r\n$text";
}

sub echo_host {
    my (@answer) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
        Listen => 16) or die "listen: $!\n";
    my $pid = fork // die "fork: $!\n";
    return ($pid, 'http://127.0.0.1:' . $listener->sockport) if $pid;
    while (my $client = $listener->accept) {
        echo_once($client, @answer);
        close $client;
    }
    POSIX::_exit(0);
}

my $one = folder() . '/one.csv';
spill($one, "item;erp_doc;erp_line;stock\n1;SO-1;10;own\n");

# The script gets the host's words, and shows them too.
my $shows = <<'LUA';
local answer, words, kind = omnitron.release {
  order_item_id = 1, code = "SO-1/10" }
for name, value in pairs(answer or {}) do print(name, value) end
print(words, kind)
log.error("answered", { words = words, kind = kind })
error(tostring(words), 0)
LUA

sub run_shows {
    my ($title, $acme) = @_;
    spill("$acme/release.lua", $shows);
    my ($code, $out, $err) = finish(spawn('run', command($acme)));
    cmp_ok($code, '>', 0, "$title: exit $code");
    search("stdout: $title", $out);
    search("stderr: $title", $err);
    search_folder($acme);
    for my $form (['list', '--json'], ['show', '1'], ['show', '1', '--json']) {
        my ($verb, @more) = @$form;
        search("journal $verb: $title", join '',
            (omnitron('journal', $verb, @more, '--profile',
                "$acme/profile.lua", $verb eq 'list' ? $acme : ()))[1, 2]);
    }
    return $out . $err;
}

for (@echoes) {
    my ($title, @answer) = @$_;
    for my $look ('first_look = false', 'first_look = "/api/i1/orders/"') {
        my ($pid, $at) = echo_host(@answer);
        my $case = "echo: $title, " . ($look =~ /false/ ? 'release' : 'look');
        my $acme = customer($case =~ s/\W+/_/gr, $canary, $look, 'tries = 1',
            'token_file = "token"', qq(url = "$at"));
        run_shows($case, $acme);
        kill 'KILL', $pid;
        waitpid $pid, 0;
    }
}

{
    certificates();
    my $url = https_mock('good', '--items', '1-9', '--token', $canary);
    my $acme = prepare('tls', $canary, 'token_file = "token"', 'tries = 1',
        qq(url = "$url"));
    my $said = run_shows('TLS', $acme);
    like($said, qr/certificate/, 'TLS: the certificate was not taken');
}

# Nothing is tidied up after a kill.
{
    my $acme = prepare('killed', $canary, $url, 'token_file = "token"');
    my $job = spawn('run', command($acme));
    ok(at_work($acme), 'kill -9: at work');
    kill 'KILL', $job->{pid};
    my ($code, $out, $err) = finish($job);
    is($code, -9, 'kill -9: killed');
    search('stdout of a kill', $out);
    search('stderr of a kill', $err);
    search_folder($acme);
}

# Mistakes that have the token at hand: a message must not quote it.
my @mistakes = (
    ['two lines', "$canary\n$other", 0600, 'token_file = "token"'],
    ['a space in it', "$canary $other", 0600, 'token_file = "token"'],
    ['a control character', "$canary\t", 0600, 'token_file = "token"'],
    ['others may read it', $canary, 0644, 'token_file = "token"'],
    ['as an unknown key', $canary, 0600, 'token = secret "token"'],
    ['as a number', $canary, 0600, 'at_once = secret "token"'],
    ['as the url', $canary, 0600, 'url = secret "token"'],
    ['as a file name', $canary, 0600, 'token_file = secret "token"'],
    ['as a journal', $canary, 0600, 'token_file = "token"',
        'journal = secret "token"'],
    ['as an error', $canary, 0600, 'ca_file = error(secret "token")'],
    ['as a name', $canary, 0600, '[secret "token"] = 1'],
);

for (@mistakes) {
    my ($title, $token, $mode, @lines) = @$_;
    my $acme = folder() . "/mistake$title";
    mkdir $acme;
    my @url = "@lines" =~ /\burl =/ ? () : $url;
    spill("$acme/profile.lua", join ",\n", "return { prefix = 'i1'", @url,
        "@lines }\n");
    spill("$acme/token", "$token\n", $mode);
    spill("$acme/release.lua", $script);
    my ($code, $out, $err) = finish(spawn('run', command($acme)));
    is($code, 2, "$title: exit 2") or diag($err);
    search("stdout: $title", $out);
    search("stderr: $title", $err);
    search_folder($acme);
}

{
    local $ENV{OMNITRON_TOKEN} = "$canary\n$other";
    my $acme = prepare('badvariable', undef, $url);
    my ($code, $out, $err) = finish(spawn('run', command($acme)));
    is($code, 2, 'two lines in the variable: exit 2');
    search('stdout of a bad variable', $out);
    search('stderr of a bad variable', $err);
}

# Who owns /proc/PID/environ says whether a process may be dumped: proc(5),
# "root if the process's dumpable attribute is set to a value other than 1".
# Root cannot tell, so the run is nobody's.
sub as_nobody {
    my (@command) = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    if ($> == 0) {
        ($(, $)) = (65534, '65534 65534');
        POSIX::setgid(65534);
        POSIX::setuid(65534);
    }
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    { exec { $command[0] } @command }
    POSIX::_exit(127);
}

sub owner_at_work {
    my ($acme) = @_;
    my $pid = as_nobody(command($acme));
    my $owner;
    $owner = (stat "/proc/$pid/environ")[4] if at_work($acme);
    waitpid $pid, 0;
    return ($owner, $? >> 8);
}

SKIP: {
    skip 'the sanitizers want to look into the process', 3 if is_asan();
    my $acme = prepare('nobody', $canary, $url, 'token_file = "token"');
    if ($> == 0) {
        chmod 0755, folder();
        chown 65534, 65534, $acme, glob "$acme/*";
    }
    my $plain = as_nobody('/bin/sleep', '5');
    sleep 0.1;
    my $uid = (stat "/proc/$plain/environ")[4];
    kill 'KILL', $plain;
    waitpid $plain, 0;
    my ($owner, $code) = owner_at_work($acme);
    skip "$ENV{OMNITRON} is out of another user's reach", 3 if $code == 127;
    isnt($uid, 0, 'another process of that user may be dumped');
    is($code, 3, 'as an ordinary user: the same run');
    is($owner, 0, 'and it may not be dumped, nor looked into');
}

is_deeply(\@leaks, [], 'the token is nowhere')
    or diag(join "\n", @leaks);
cmp_ok($seen{$_} // 0, '>', 0, "searched: $_")
    for 'stdout', 'stderr', '/proc/PID/cmdline', '/proc/PID/environ',
    'journal.db of a run', 'journal.db-wal of a run', 'log of a run',
    'summary.json of a run', 'stderr of a 401';
ok(stop_mock($mock), 'the mock ends well');
done_testing;
