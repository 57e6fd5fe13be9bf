#!/usr/bin/perl
# --mock is a rehearsal: what a script writes to an ERP stays in the program,
# also where the ERP is on this machine, as the near end of a tunnel is. Let
# through is what goes to a mock of our own, which says so when it is asked;
# and everything under --live-erp.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Erp;
use IO::Socket::INET;
use POSIX ();
use Rig;
use Test::More;
use Tls;

alarm 300;

my $script = folder() . '/script.lua';

# Three rows, each of which makes an order with the URL that it is given.
spill($script, <<'LUA');
local url, ca = ...
assert(http.get(url .. "/orders?reference=0", { any_status = true,
  ca_file = ca }))
omnitron.release_all({ 46761, 46762, 46763 }, function(item)
  assert(http.post(url .. "/orders", { ca_file = ca,
    json = { reference = item, lines = json.array() } }))
  return { order_item_id = item, code = "SO-" .. item }
end)
LUA

sub rehearse {
    my ($url, @more) = @_;
    my @options = grep { /^--/ } @more;
    my ($code, $out, $err) = omnitron('run', '-v', '--mock', @options, $script, $url,
        grep { !/^--/ } @more);
    return ($code, $err);
}

my $erp = start_erp(0);
my ($code, $err) = rehearse($erp->{url});
is($code, 0, 'rows that would write wait') or diag($err);
like($err, qr/3 lines: 0 released, 3 waiting/, 'all of them');
like($err, qr{would POST \Q$erp->{url}\E/orders;\s+--live-erp\s+sends\s+it},
    'and what they would do is said');
is_deeply([erp_received($erp)],
    ['GET /orders?reference=0', 'GET /__mock__/who'],
    'an ERP on this machine is asked who it is, once, and written nothing');

($code, $err) = rehearse($erp->{url} =~ s/127\.0\.0\.1/localhost/r);
is_deeply([grep { /POST/ } erp_received($erp)], [], 'by whatever name');

($code, $err) = rehearse($erp->{url}, '--live-erp');
is($code, 0, '--live-erp') or diag($err);
is_deeply([grep { /POST|who/ } erp_received($erp)],
    [('GET /__mock__/who') x 2, ('POST /orders') x 3],
    'lets them through, and asks nobody');
stop_erp($erp);

# A server that says yes to everything, or sends on to one that is a mock.
sub start_yes {
    my ($head, $body) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 9)
        or die "no port: $!\n";
    my $pid = fork // die "fork: $!\n";
    return { pid => $pid, url => 'http://127.0.0.1:' . $listener->sockport }
        if $pid;
    while (my $socket = $listener->accept) {
        my ($text, $length) = ('', 0);
        while ($text !~ /\r\n\r\n/) {
            sysread $socket, $text, 65536, length $text or last;
        }
        spill(folder() . '/wrote', $text) if $text =~ /^POST/;
        print {$socket} "$head\r\nConnection: close\r\nContent-Length: "
            . length($body) . "\r\n\r\n$body";
        close $socket;
    }
    POSIX::_exit(0);
}

my $served = folder() . '/served';
mkdir $served or die;
spill("$served/replies.json",
    '{"GET /orders": {"json": []}, "POST /orders": {"json": {}}}');
my $mock = start_mock('--serve', $served);
my %others = ('yes' => ['HTTP/1.1 200 OK', '{"ok":true}'],
    'nothing' => ['HTTP/1.1 204 No', ''],
    'as a mock, but 404' => ['HTTP/1.1 404 No', '{"who":"omnitron mock"}'],
    'ask the mock' =>
        ["HTTP/1.1 302 Found\r\nLocation: $mock->{url}/__mock__/who", '']);
for my $name (sort keys %others) {
    my $other = start_yes(@{ $others{$name} });
    rehearse($other->{url});
    ok(!-e folder() . '/wrote', "a server that answers: $name");
    kill 'KILL', $other->{pid};
    waitpid $other->{pid}, 0;
}

($code, $err) = rehearse($mock->{url});
is($code, 0, 'a mock that serves') or diag($err);
like($err, qr/3 lines: 3 released/, 'is written to');
ok(stop_mock($mock), 'and ends well');

certificates();
my ($secure) = https_mock('good', '--serve', $served);
($code, $err) = rehearse($secure, authority('ca'));
like($err, qr/3 lines: 3 released/, 'also over https') or diag("$code $err");

done_testing();
