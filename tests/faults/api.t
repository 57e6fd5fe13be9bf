#!/usr/bin/perl
# A script's own requests to the API: the token is shared with the releases
# and shown to nobody, nothing is sent twice that writes, nothing is followed
# to elsewhere, and a list that cannot be read whole does not look whole.
use strict;
use warnings;
use Fcntl ':flock';
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::INET;
use POSIX ();
use Rig;
use Test::More;
use Time::HiRes 'sleep';

my $token = 'tK7vQ2mZ9pL4tB8wN3rY6sD1fG5hJ0cAeUiOqWz';
my $password = 'pW3xR8nC5kH1dV6yT9bM2jF7gS4lZ0qEuIoAwSx';
my ($post, $look, $log_in) = ('POST order_items/#/create_mapping/',
    'GET orders/', 'POST auth/login/');
my $customers = 0;

# A host that answers as its paths say; each request is a line of its log.

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

sub seen {
    my ($from) = @_;
    return grep { index($_, $from) == 0 } split /\n/, slurp($log) // '';
}

sub rows {
    return join ',', map { qq({"pk":$_}) } @_;
}

sub page {
    my ($next, @pks) = @_;
    $next = defined $next ? qq("$next") : 'null';
    my $count = @pks;
    return qq({"count":$count,"next":$next,"previous":null,"results":[)
        . rows(@pks) . ']}';
}

# [status, body, header lines] by target; without one nothing is answered.
sub answer {
    my ($target, $head, $count) = @_;
    my ($path) = $target =~ /^([^?]*)/;
    my %answers = (
        '/api/array/' => [200, '[' . rows(1 .. 3) . ']'],
        '/api/none/' => [200, '[]'],
        '/api/empty/' => [204, ''],
        '/api/page/' => [200, '<html>Log in'],
        '/api/moved/' => [302, '', "Location: http://127.0.0.1:1/api/x/"],
        '/api/teapot/' => [418, '{"detail":"short and stout"}'],
        '/api/away/' => [200, page('http://127.0.0.2:1/api/away/', 1)],
        '/api/out/' => [200, page("$url/other/", 1)],
        '/api/ftp/' => [200, page("ftp://127.0.0.1:$port/api/ftp/", 1)],
        '/api/circle/' => [200, page('/api/circle/?limit=100', $count)],
        '/api/same/' => [200, page("/api/same/?page=$count", 1, 2)],
        '/api/broken/' => [$target =~ /page=2/ ? (500, 'oh')
            : (200, page("$url/api/broken/?page=2", 1, 2))],
        '/api/busy/' => [$count < 3 ? (503, '') : (200, '{"at":3}')],
        '/api/always/' => [503, 'busy'],
        '/api/mirror/' => [200, qq({"you":"$head"})],
        '/api/large/' => [200, '"' . 'x' x (65 << 20) . '"'],
        '/api/slow/' => [200, '{}'],
        '/api/i1/orders/' => [200, page(undef, 1, 2, 3, 2)],
        '/api/i1/orders_integration/2/detailed_integration/' => [500, 'oh'],
        '/api/v1/orders/4/' => [200, '{"pk":4,"is_send":false}'],
    );
    $answers{"/api/i1/orders_integration/$_/detailed_integration/"}
        = [200, qq({"pk":$_,"orderitem_set":[{"pk":$_}]})] for 1, 3;
    return $answers{$path};
}

sub serve_one {
    my ($socket) = @_;
    my ($head, $body) = ('', '');
    while (defined(my $line = <$socket>)) {
        $line =~ s/\r?\n$//;
        last if $line eq '';
        $head .= "$line|";
    }
    read $socket, $body, $1 if $head =~ /content-length: (\d+)/i;
    my ($method, $target) = $head =~ /^(\S+) (\S+)/ or return;
    note_down("$method $target $body");
    my $count = seen("$method $target ");
    if ($target eq '/api/slow/') {
        note_down('in');
        sleep 0.05;
        note_down('out');
    }
    my $answer = answer($target, $head, $count) or return;
    my ($status, $text, @headers) = @$answer;
    my $type = $text =~ /^</ ? 'text/html' : 'application/json';
    print {$socket} join("\r\n", "HTTP/1.1 $status Words",
        "Content-Type: $type", 'Content-Length: ' . length $text,
        'Connection: close', @headers, '', ''), $text;
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

sub customer_of {
    my ($at, @lines) = @_;
    my $user = @lines && $lines[0] =~ /^username/;
    my $acme = customer('acme' . ++$customers, $user ? undef : $token,
        qq(url = "$at"), 'first_look = false',
        $user ? 'password_file = "password"' : 'token_file = "token"', @lines);
    spill("$acme/password", "$password\n", 0600);
    return $acme;
}

# What a script prints: its lines, and the run's exit code and words.
sub script {
    my ($acme, $text) = @_;
    spill("$acme/release.lua", $text);
    my ($code, $out, $err) = omnitron('run', "$acme/release.lua");
    unlike($out . $err, qr/\Q$token\E/, 'the token is not in it');
    $out =~ s/127\.0\.0\.1:$port/HOST/g;
    return ($code, $err, split /\n/, $out);
}

my $acme = customer_of($url);

sub is_printed {
    my ($title, $text, @wanted) = @_;
    my ($code, $err, @lines) = script($acme, $text);
    is_deeply(\@lines, \@wanted, $title) or diag($err);
}

is_printed('lists that are no page', <<'LUA', '3', '0');
for _, path in ipairs { "/api/array/", "/api/none/" } do
  local n = 0
  for row in omnitron.pages(path) do
    n = n + 1
    assert(row.pk == n)
  end
  print(n)
end
LUA

is_printed('replies', <<'LUA',
print(omnitron.get("/api/empty/"))
print(omnitron.get("/api/page/"))
print(omnitron.get("/api/teapot/"))
print(omnitron.get("/api/moved/"))
print(omnitron.post("/api/moved/", {}))
print(omnitron.get("/api/mirror/"))
print(omnitron.post("/api/mirror/", {}))
print(select(3, omnitron.get("/api/large/")))
LUA
    'true',
    "nil\tHOST: GET /api/page/ answered 200 with text/html instead of JSON: "
        . "<html>Log in\tprotocol",
    "nil\tHOST: GET /api/teapot/ answered 418 short and stout\tstatus",
    "nil\tHOST: GET /api/moved/ answered 302 Found to 127.0.0.1:1/api/x/, a redirect, which is "
        . "never followed\tstatus",
    "nil\tHOST: POST /api/moved/ answered 302 Found to 127.0.0.1:1/api/x/, a redirect, which is "
        . "never followed\tstatus",
    "nil\tHOST: GET /api/mirror/: the reply shows the token, and is kept "
        . "back\tprotocol",
    "nil\tHOST: POST /api/mirror/: the reply shows the token, and is kept "
        . "back\tprotocol",
    'toolarge');

is_printed('tries', <<'LUA',
print(omnitron.get("/api/busy/").at)
print(omnitron.get("/api/always/"))
print(omnitron.post("/api/always/", { a = 1 }))
print(omnitron.post("/api/dropped/", { a = 1 }))
print(select(3, omnitron.patch("/api/dropped/", { a = 1 })))
LUA
    '3',
    "nil\tHOST: GET /api/always/ answered 503 busy\tstatus",
    "nil\tHOST: POST /api/always/ answered 503 busy\tstatus",
    "nil\tHOST: POST /api/dropped/: the connection broke before a reply came; whether it was "
        . "received is not known\treset",
    'reset');
is(scalar(seen('GET /api/always/')), 3, 'a GET is tried 3 times');
is_deeply([seen('POST /api/always/'), seen('POST /api/dropped/')],
    ['POST /api/always/ {"a":1}', 'POST /api/dropped/ {"a":1}'],
    'a POST once');
is(scalar(seen('PATCH /api/dropped/')), 1, 'a PATCH once');

is_printed('pages that are not followed', <<'LUA',
for _, name in ipairs { "away", "out", "ftp", "circle", "same", "broken" } do
  local n = 0
  local ok, message = pcall(function()
    for row in omnitron.pages("/api/" .. name .. "/") do n = n + 1 end
  end)
  print(n, ok, message)
end
LUA
    "0\tfalse\trelease.lua:4: HOST: GET /api/away/ has a next page to "
        . "http://127.0.0.2:1, not to http://HOST/api/, which is not followed",
    "0\tfalse\trelease.lua:4: HOST: GET /api/out/ has a next page to "
        . "http://HOST, not to http://HOST/api/, which is not followed",
    "0\tfalse\trelease.lua:4: HOST: GET /api/ftp/ has a next page that "
        . "must begin with https://, which is not followed",
    "1\tfalse\trelease.lua:4: HOST: GET /api/circle/ comes a second time: "
        . "its pages lead in a circle",
    "2\tfalse\trelease.lua:4: HOST: GET /api/same/ has the rows of the page "
        . "before once more",
    "2\tfalse\trelease.lua:4: HOST: GET /api/broken/ answered 500 oh");

is_printed('orders', <<'LUA',
local ok, message = pcall(function()
  for order in omnitron.waiting_orders() do print(order.pk) end
end)
print(ok, message)
print(omnitron.mark_sent { pk = 4, orderitem_set = {
  { pk = 1, status = "100" }, { pk = 2, cancel_status = "canceled" } } })
LUA
    1, 3,
    "false\trelease.lua:2: 1 of the waiting orders could not be read: HOST: "
        . 'GET /api/i1/orders_integration/2/detailed_integration/ answered '
        . '500 oh',
    "nil\tHOST: PATCH /api/v1/orders/4/ answered that it is still not sent"
        . "\tunknown");
is((seen('GET /api/i1/orders/'))[0],
    'GET /api/i1/orders/?is_send=False&limit=100&status=400 ',
    'orders that wait');

# A cancel_status is the state of a request: what is not known to mean canceled
# leaves the order as it is, and one that does lets it be asked for.
my $marks = <<'LUA';
for _, word in ipairs { WORDS } do
  local _, message, kind = omnitron.mark_sent { pk = 4, orderitem_set = {
    { pk = 7, status = "400", cancel_status = word } } }
  print(kind, message:match("; its .*") or "")
end
LUA
my @open = ('"rejected"', '"waiting_approval"', '0', '"0"', '"none"',
    '"approved"', '"x\ny"', '"not canceled"');
is_printed('not canceled', $marks =~ s/WORDS/join ', ', @open/er,
    map { 'later' . "\t" . '; its cancel_status ' . s/^(\d+)$/"$1"/r =~ s/\\n/ /r
            . ' is not known to mean canceled (canceled in profile.lua)' } @open);
is_printed('says nothing', $marks =~ s/WORDS/false, json.null, "", {}/r,
    ("later\t") x 3, "later\t; its cancel_status is a table");
my @over = ('"canceled"', '"Cancelled"', '100', '"100"');
is_printed('canceled', $marks =~ s/WORDS/join ', ', @over/er,
    ("unknown\t") x @over);
my $own = customer_of($url, 'canceled = { "Onaylandi", "approved" }');
my (undef, undef, @said) = script($own,
    $marks =~ s/WORDS/"approved", "onaylandi", "rejected"/r);
is_deeply([map { /^(\w+)/ } @said], ['unknown', 'unknown', 'later'],
    'canceled in the profile');

# A list that breaks off does not move a cursor.
my ($code, $err, @lines) = script($acme, <<'LUA');
omnitron.release_all(omnitron.pages("/api/broken/"), function(row)
  return nil, "never mind"
end, { cursor = "at", at = function(row) return row.pk end })
LUA
is($code, 1, 'a list that breaks off ends the script');
like($err, qr/answered 500 oh/, 'which says why');
is_printed('and the cursor stays', 'print(omnitron.recall "at")', 'nil');

is_printed('many at once', <<'LUA', '12');
local n = 0
omnitron.each({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, function()
  assert(omnitron.get("/api/slow/"))
  n = n + 1
end, { at_once = 12 })
print(n)
LUA
my ($inside, $most) = (0, 0);
for (split /\n/, slurp($log)) {
    $inside += $_ eq 'in' ? 1 : $_ eq 'out' ? -1 : 0;
    $most = $inside if $inside > $most;
}
ok($most > 1 && $most <= 4, "at most 4 ($most)");

kill 'KILL', $server;
waitpid $server, 0;
undef $server;

# Log-ins, against the mock.

my $lua = <<'LUA';
local function get(n)
  for i = 1, n do
    local ok, message, kind = omnitron.get("/api/v1/content_types/")
    print(ok ~= nil, message, kind)
  end
end
LUA

sub with_user {
    my ($mock, $text, $word) = @_;
    my $acme = customer_of($mock->{url}, 'username = "mock"');
    spill("$acme/password", "$word\n", 0600) if $word;
    my ($code, $err, @lines) = script($acme, $lua . $text);
    unlike($err . "@lines", qr/\Q$password\E/, 'nor is the password');
    my $asked = requests($mock);
    return ($code, $asked->{$log_in} // 0, $err, @lines);
}

sub start_host {
    return start_mock('--items', '100001-199999', '--token', $token,
        '--password', $password, @_);
}

my $both = <<'LUA';
get(2)
assert(omnitron.release { order_item_id = 100001, code = "A/1" })
get(1)
LUA
my $mock = start_host();
my ($ended, $log_ins, $words, @got) = with_user($mock, $both);
is("$ended $log_ins @got", "0 1 true\tnil\tnil true\tnil\tnil true\tnil\tnil",
    'one log-in for both: the script asks first') or diag($words);
is(requests($mock)->{$post}, 1, 'one release');
ok(stop_mock($mock), 'the mock ends well');

$mock = start_host();
($ended, $log_ins, $words, @got) = with_user($mock,
    'assert(omnitron.release { order_item_id = 100001, code = "A/1" }) get(1)');
is("$ended $log_ins @got", "0 1 true\tnil\tnil", 'the release asks first');
stop_mock($mock);

$mock = start_host();
($ended, $log_ins, $words, @got) = with_user($mock, <<'LUA');
omnitron.each({ 1, 2, 3, 4, 5, 6 }, function(i)
  get(1)
  assert(omnitron.release { order_item_id = 100000 + i, code = "A/" .. i })
end, { at_once = 6 })
LUA
is("$ended $log_ins " . @got, '0 1 6', 'many at once share one log-in');
stop_mock($mock);

$mock = start_host('--token-uses', 3);
($ended, $log_ins, $words, @got) = with_user($mock, 'get(5)');
is("$ended $log_ins " . grep({ /^true/ } @got), '0 2 5',
    'a token that runs out is renewed');
stop_mock($mock);

$mock = start_host('--token-uses', 3);
($ended, $log_ins, $words, @got) = with_user($mock, <<'LUA');
get(3)
assert(omnitron.release { order_item_id = 100001, code = "A/1" })
get(2)
LUA
is("$ended $log_ins " . grep({ /^true/ } @got), '0 2 5',
    'also when a release finds out');
stop_mock($mock);

$mock = start_host('--token-uses', 1);
($ended, $log_ins, $words, @got) = with_user($mock, 'get(5)');
is("$log_ins " . grep({ /^true/ } @got), '3 3', 'never a fourth log-in');
like($got[3], qr/^false\t127\S+ allows 3 log-ins within 6 minutes/, 'it says');
stop_mock($mock);

$mock = start_host();
($ended, $log_ins, $words, @got) = with_user($mock, $both, 'wrong');
is($log_ins, 1, 'a wrong password is not tried twice, by nobody');
like($got[0], qr/^false\t127\S+ refused the user name or the password/,
    'the script is told');
like($words, qr/refused the user name or the password/, 'and a person');
is($ended, 6, 'who must act');
is(requests($mock)->{$post} // 0, 0, 'nothing was released');
stop_mock($mock);

# A given token that is refused is not cured.
$mock = start_host();
$acme = customer_of($mock->{url});
spill("$acme/token", "another-token-altogether\n", 0600);
($code, $err, @lines) = script($acme, $lua . 'get(1)');
is("@lines", "false\t127.0.0.1:$mock->{port}: GET /api/v1/content_types/ "
    . "answered 401 Invalid token.\tstatus", 'a token that is refused');
is(requests($mock)->{$log_in} // 0, 0, 'there is nobody to log in');

# Nothing is asked with a connection that is gone for good.
stop_mock($mock);
($code, $err, @lines) = script($acme, 'print(omnitron.post("/api/x/", {}))');
like("@lines", qr/; nothing was sent\tconnect$/, 'nobody is there');

done_testing;
