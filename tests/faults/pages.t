#!/usr/bin/perl
# Lists in pages, and what a script reads them with: every row once, however the
# pages are linked; a list of which rows are missing raises at its end, so that
# no cursor moves past them.
use strict;
use warnings;
use Fcntl ':flock';
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::INET;
use POSIX ();
use Rig;
use Test::More;

my $log = folder() . '/log';
my $listener = IO::Socket::INET->new(
    LocalAddr => '127.0.0.1', Listen => 100, ReuseAddr => 1)
    or die "no port: $!\n";
my $port = $listener->sockport;
my $url = "http://127.0.0.1:$port";

sub note_down {
    open my $file, '>>', $log or die "$log: $!\n";
    flock $file, LOCK_EX;
    seek $file, 0, 2;
    syswrite $file, "$_[0]\n";
}

sub asked {
    my ($from) = @_;
    return scalar grep { index($_, $from) == 0 } split /\n/, slurp($log) // '';
}

sub rows_as {
    my ($form, @pks) = @_;
    return '[' . join(',', map { sprintf $form, $_ } @pks) . ']';
}

sub rows {
    return rows_as('{"pk":%d}', @_);
}

# What is on a page of 250 rows.
sub on_page {
    my ($page, $limit, $all) = @_;
    my $first = ($page - 1) * $limit;
    my $last = $first + $limit > $all ? $all : $first + $limit;
    return $first + 1 .. $last;
}

# Where each writes that the next page is.
my %links = (
    usual => "$url/api/usual/?limit=%d&page=%d",
    port => 'http://127.0.0.1/api/port/?limit=%d&page=%d',
    other => 'http://127.0.0.1:8080/api/other/?limit=%d&page=%d',
    tls => "https://127.0.0.1:$port/api/tls/?limit=%d&page=%d",
    upper => "HTTP://127.0.0.1:$port/api/upper/?limit=%d&page=%d",
    path => '/api/path/?limit=%d&page=%d',
    query => '?limit=%d&page=%d',
    beside => '../beside/?limit=%d&page=%d', # refused: dots
    name => 'on?limit=%d&page=%d',
    none => '//127.0.0.1/api/none/?limit=%d&page=%d',
    user => "http://x\@127.0.0.1:$port/api/user/?limit=%d&page=%d",
    elsewhere => "http://127.0.0.2:$port/api/elsewhere/?limit=%d&page=%d",
    prefix => "$url/omnitron/api/prefix/?limit=%d&page=%d",
);

sub linked {
    my ($name, $page, $limit) = @_;
    my $next = $page * $limit < 250
        ? sprintf qq("$links{$name}"), $limit, $page + 1 : 'null';
    return (200, qq({"count":250,"next":$next,"results":)
        . rows(on_page($page, $limit, 250)) . '}');
}

my $invalid = '{"detail":"Invalid page."}';

# Lists without links, and those that are not whole.
my %lists = (
    bare => sub { rows(on_page($_[0], $_[1], 250)) },
    even => sub { rows(on_page($_[0], $_[1], 200)) },
    gone => sub { $_[0] < 3 ? rows(on_page($_[0], $_[1], 200)) : undef },
    nothing => sub { $_[0] < 3 ? rows(on_page($_[0], $_[1], 200)) : '' },
    large => sub { rows(1 .. 150) },
    same => sub { rows(1 .. 100) },
    mute => sub { rows_as('{"sku":"S%d"}', 1 .. 100) },
    counted => sub { '{"count":250,"results":'
        . rows(on_page($_[0], $_[1], 250)) . '}' },
    capped => sub { '{"count":"250","results":'
        . rows(on_page($_[0], 40, 250)) . '}' },
    page_count => sub { my @rows = on_page($_[0], $_[1], 250);
        '{"count":' . @rows . ',"results":' . rows(@rows) . '}' },
    empty_next => sub { '{"count":250,"next":"","results":'
        . rows(on_page($_[0], $_[1], 250)) . '}' },
    ends => sub { '{"next":null,"results":' . rows(1 .. 100) . '}' },
    short => sub { '{"count":250,"next":null,"results":'
        . rows($_[0] < 3 ? on_page($_[0], $_[1], 200) : ()) . '}' },
    shrank => sub { my $page = shift; return undef if $page > 3;
        '{"count":' . ($page == 1 ? 250 : 249) . ',"results":'
        . rows($page == 1 ? 1 .. 100 : $page == 2 ? 102 .. 201 : 202 .. 250)
        . '}' },
    grew => sub { my $page = shift;
        '{"count":' . (249 + $page) . ',"results":' . rows($page == 1 ? 1 .. 100
            : $page == 2 ? 101 .. 200 : 201 .. 252) . '}' },
    mixed => sub { '{"count":250,"results":'
        . rows($_[0] == 2 ? (1 .. 50, 151 .. 200)
            : on_page($_[0], $_[1], 250)) . '}' },
    twice => sub { '{"count":4,"results":' . rows(1, 2, 3, 2) . '}' },
    hole => sub { '{"count":250,"next":'
        . ($_[0] < 3 ? qq("?limit=100&page=@{[$_[0] + 1]}") : 'null')
        . ',"results":' . rows($_[0] == 2 ? ()
            : on_page($_[0], $_[1], 250)) . '}' },
    object => sub { '{"next":null,"results":{"0":{"pk":1}}}' },
    null => sub { '{"next":null,"results":null}' },
    offset => sub { my ($offset) = $_[2] =~ /offset=(\d+)/;
        '{"count":250,"results":'
        . rows($offset + 1 .. ($offset < 150 ? $offset + 100 : 250)) . '}' },
);

# Order 50 is marked as sent while the first list is read; with another status,
# there is always one that is on no page.
sub orders {
    my ($target) = @_;
    my $whole = asked('/api/i1/orders/?') > 3;
    my ($page) = $target =~ /page=(\d+)/;
    return undef if $page && $page > 2;
    return '{"count":3,"next":null,"results":' . rows($page ? () : (1, 2)) . '}'
        if $target =~ /status=7/;
    return '{"count":' . ($page || $whole ? 120 : 121) . ',"results":'
        . rows($page ? 102 .. 121 : $whole ? (1 .. 49, 51 .. 101) : 1 .. 100)
        . '}';
}

sub answer {
    my ($target) = @_;
    my ($name) = $target =~ m{^/api/(?:i1/)?(\w+)/} or return (404, '{}');
    my ($page) = $target =~ /[?&]page=(\d+)/;
    my ($limit) = $target =~ /limit=(\d+)/;
    return linked($name, $page // 1, $limit) if $links{$name};
    return (200, qq({"pk":$1,"orderitem_set":[{"pk":$1}]}))
        if $target =~ /integration\/(\d+)/;
    my $text = $name eq 'orders' ? orders($target)
        : $lists{$name}->($page // 1, $limit, $target);
    return (404, $invalid) if !defined $text;
    return ($text eq '' ? 204 : 200, $text);
}

sub serve_one {
    my ($socket) = @_;
    my $head = '';
    while (defined(my $line = <$socket>)) {
        last if $line eq "\r\n";
        $head .= $line;
    }
    my ($target) = $head =~ /^\S+ (\S+)/ or return;
    note_down($target);
    my ($status, $text) = answer($target);
    print {$socket} join("\r\n", "HTTP/1.1 $status Words",
        'Content-Type: application/json', 'Content-Length: ' . length $text,
        'Connection: close', '', ''), $text;
}

my $server = fork // die "fork: $!\n";
if (!$server) {
    $SIG{CHLD} = 'IGNORE';
    $SIG{PIPE} = 'IGNORE';
    while (my $socket = $listener->accept) {
        next if fork;
        serve_one($socket);
        close $socket;
        POSIX::_exit(0);
    }
    POSIX::_exit(0);
}

my $top = $$;

END {
    local $?;
    kill 'KILL', $server if $server && $$ == $top;
}

my $acme = customer('acme', 'x' x 40, qq(url = "$url"), 'first_look = false',
    'token_file = "token"');

sub script {
    my ($text) = @_;
    spill("$acme/release.lua", $text);
    my ($code, $out, $err) = omnitron('run', "$acme/release.lua");
    s/\Q$url\E/URL/g, s/127\.0\.0\.1:$port/HOST/g for $out, $err;
    return ($code, $out, $err);
}

# How many rows came, how many of them once, the last one, and what was raised.
my $read = <<'LUA';
local path, query = "%s", %s
local n, once, seen, last = 0, 0, {}, nil
local ok, message = pcall(function()
  for row in omnitron.pages(path, query) do
    n, last = n + 1, row.pk or row.sku
    once = once + (seen[last] and 0 or 1)
    seen[last] = true
  end
end)
print(n, once, last, ok and "whole" or message:match(": (.*)$"):match(": (.*)$"))
LUA

sub is_read {
    my ($name, $wanted, $query) = @_;
    my (undef, $out, $err) = script(sprintf $read, "/api/$name/",
        $query // 'nil');
    $out =~ s/\t/ /g;
    $out =~ s/GET \S+ //;
    like($out, qr/^$wanted$/, $name) or diag($err);
}

my $whole = '250 250 250 whole';
is_read($_, $whole) for qw(usual port other tls upper path query name none);
is(asked("/api/$_/"), 3, "$_: three pages") for qw(usual port tls query);
is_read('elsewhere', "0 0 nil .*to http://127.0.0.2:$port, not to .*");
is_read('user', '0 0 nil .*user or a password in it, which is not followed');
is_read('prefix', '0 0 nil .*, which is not followed');
is_read('beside', '100 100 100 .*');

# A page as long as it may be, or of a list that has more, is followed.
is_read($_, $whole) for qw(bare counted capped page_count empty_next);
is(asked('/api/bare/'), 3, 'a short page ends a list');
is_read($_, '200 200 200 whole') for qw(even gone nothing);
is_read('ends', '100 100 100 whole');
is(asked('/api/ends/'), 1, 'a page that says so ends a list');
is_read('large', '150 150 150 whole');
is_read('grew', '252 252 252 whole');
is_read('twice', '4 3 2 whole');
is_read('counted', '150 150 250 whole', '{ page = 2 }');
is_read('counted', '250 250 250 whole', '{ limit = 30 }');
is_read('offset', '230 230 250 whole', '{ offset = 20 }');

# What is not whole is not taken for it; what came of it is read all the same.
is_read('same', '100 100 100 has the rows of the page before once more: .*'
    . 'another `limit` may tell');
is_read('mute', '100 100 S100 has the rows of the page before once more: .*');
is_read('short', '200 200 200 ended after 200 of 250 rows: .*');
is_read('shrank', '249 249 250 ended after 249 of 250 rows: .*');
is_read('mixed', '250 200 250 ended after 200 of 250 rows: .*');
is_read('hole', '150 150 250 ended after 150 of 250 rows: .*');
is_read('object', '0 0 nil is no list: its results are none');
is_read('null', '0 0 nil is no list: it has no results');

my ($code, $out, $err) = script(<<'LUA');
local s = omnitron.release_all(omnitron.pages("/api/shrank/"), function(row)
  return nil, "never mind"
end, { cursor = "at", at = function(row) return row.pk end })
LUA
is($code, 1, 'a list of which a row is missing ends the script');
($code, $out, $err) = script('print(omnitron.recall "at")');
is($out, "nil\n", 'and the cursor stays');

# The orders' keys are read anew when the list was changed meanwhile.
($code, $out, $err) = script(<<'LUA');
local n, last = 0
for order in omnitron.waiting_orders() do n, last = n + 1, order.pk end
print(n, last)
LUA
is($out, "121\t101\n", 'orders that were changed meanwhile') or diag($err);
is(asked('/api/i1/orders/?'), 5, 'are listed twice');
($code, $out, $err) = script(<<'LUA');
for order in omnitron.waiting_orders { status = 7 } do print(order.pk) end
LUA
is("$code $out", "1 1\n2\n", 'a list that stays so is gone through');
like($err =~ s/\s+/ /gr, qr/ended after 2 of 3 rows/, 'and raises at its end');

# Behind https, by a proxy that talks http to the host.
sub quiet { system("@_ >/dev/null 2>&1") == 0 or die "failed: @_\n" }
my $tls = folder() . '/tls';
mkdir $tls;
quiet("openssl req -x509 -newkey rsa:2048 -nodes -keyout $tls/key -out "
    . "$tls/pem -days 30 -subj /CN=127.0.0.1 -addext "
    . 'subjectAltName=IP:127.0.0.1');
mkdir "$tls/host";
spill("$tls/host/replies.json", '{"GET /api/x/?limit=2": "1.json", '
    . '"GET /api/x/?limit=2&page=2": "2.json"}');
spill("$tls/host/1.json", '{"count":3,"results":[{"pk":1},{"pk":2}],'
    . '"next":"http://127.0.0.1/api/x/?limit=2&page=2"}');
spill("$tls/host/2.json", '{"count":3,"next":null,"results":[{"pk":3}]}');
my $erp = spawn('erp', $ENV{OMNITRON}, 'mock', '--serve', "$tls/host", '--cert', "$tls/pem", '--key',
    "$tls/key");
wait_until(sub { (slurp("$erp->{at}.out") // '') =~ /\n/ });
my ($at) = slurp("$erp->{at}.out") =~ m{(https://\S+)};
$acme = customer('proxied', 'x' x 40, qq(url = "$at"), 'first_look = false',
    qq(token_file = "token", ca_file = "$tls/pem"));
is_read('x', '3 3 3 whole', '{ limit = 2 }');
kill 'TERM', $erp->{pid};
finish($erp);

done_testing;
