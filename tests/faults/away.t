#!/usr/bin/perl
# An ERP that is away is nobody's fault: its rows wait, the run ends with 5,
# and cron hears of it when the next run finds it so as well. One run is an
# outage of a run or more; the clock is moved by 20 minutes for each.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Test::More;

alarm 300; # a run that does not end fails

my $minute = 0;
my $work = folder();
my $mode = "$work/mode"; # of the ERP: away, or good
$ENV{LD_PRELOAD} = "$ENV{BUILD}/faults/clock.so";

# An ERP that closes each connection, or answers with a body.
sub start_erp {
    my $listener = IO::Socket::INET->new(
        Listen => 50, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die;
    my $pid = fork // die;
    return ($listener->sockport, $pid) if $pid;
    while (1) {
        my $socket = $listener->accept or next;
        sysread $socket, my $request, 65536;
        print {$socket} "HTTP/1.1 200 OK\r\nConnection: close\r\n"
            . "Content-Length: 2\r\n\r\n[]" if slurp($mode) eq 'good';
        close $socket;
    }
}

# One run as cron starts it: its exit code, what it said, its summary.
sub cron {
    my ($acme, $script) = @_;
    local $ENV{CLOCK_SHIFT} = $minute * 60;
    local $ENV{TERM};
    delete $ENV{TERM};
    my $summary = "$acme/summary.json";
    my ($code, $out, $err) = omnitron('run', '--summary', $summary,
        "$acme/$script");
    $err =~ s/^[^\n]*this machine's clock is[^\n]*\n//mg;
    $minute += 20;
    my $last = (split /\n/, slurp($summary))[-1];
    return ($code, $err =~ s/\s+/ /gr, decode_json($last));
}

my ($port, $pid) = start_erp();
END { kill 'KILL', $pid if $pid }
my $erp = "http://127.0.0.1:$port";
my $mock = start_mock('--items', '1-9999');

sub start_customer {
    my ($name, @lines) = @_;
    my $acme = customer($name, 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"', @lines);
    spill("$acme/rows.lua", <<"LUA");
omnitron.release_all({ 1, 2, 3 }, function(id)
  if id == 1 then
    return { order_item_id = 1, code = "A/1" }
  end
  assert(http.get("$erp/" .. id, { tries = 1 }))
  return { order_item_id = id, code = "A/" .. id }
end)
LUA
    spill("$acme/main.lua", <<"LUA");
local orders = assert(http.get("$erp/orders", { tries = 1 })):json()
omnitron.release_all(orders, function() end)
LUA
    return $acme;
}

subtest 'rows wait for it' => sub {
    my $acme = start_customer('rows');
    spill($mode, 'away');
    my ($code, $err, $sum) = cron($acme, 'rows.lua');
    is("$code: $err", '5: ', 'the first run says nothing');
    is_deeply([@$sum{qw(later failed confirmed exit away)}],
        [2, 0, 1, 5, [$erp]], 'and counts');
    ($code, $err) = cron($acme, 'rows.lua');
    is($code, 5, 'the second');
    like($err, qr/^rows: \Q$erp\E is away \(GET \Q$erp\E\/\d: .*\)\. 2 lines wait for it\. The next run asks again\./,
        'tells it');
    unlike($err, qr/need/, 'and asks nobody');
    my ($open_code, $open) = omnitron('journal', 'open', $acme);
    like($open, qr/a host is away.*\Q$erp\E/s, 'journal open has it');
    is(join(':', (cron($acme, 'rows.lua'))[0, 1]), '5:', 'the third is quiet');
    spill($mode, 'good');
    ($code, $err, $sum) = cron($acme, 'rows.lua');
    is("$code: $err", "0: rows: $erp answers again after 1 h 00 min. ",
        'its end is told');
    is($sum->{away}, undef, 'and nothing is away');
    is(join(':', (cron($acme, 'rows.lua'))[0, 1]), '0:', 'once');
};

subtest 'a blip is told to nobody' => sub {
    my $acme = start_customer('blip');
    for (1 .. 4) {
        spill($mode, 'away');
        is(join(':', (cron($acme, 'rows.lua'))[0, 1]), '5:', 'away');
        spill($mode, 'good');
        is(join(':', (cron($acme, 'rows.lua'))[0, 1]), '0:', 'and back');
    }
    spill($mode, 'away');
    cron($acme, 'rows.lua');
    like((cron($acme, 'rows.lua'))[1], qr/is away/, 'what lasts is');
    spill($mode, 'good');
};

subtest 'a script that ends for it' => sub {
    my $acme = start_customer('main', 'quiet_runs = 0');
    spill($mode, 'away');
    my ($code, $err, $sum) = cron($acme, 'main.lua');
    is($code, 5, 'is not the author\'s');
    like($err, qr/^main: \Q$erp\E is away \(GET \Q$erp\E\/orders: .*\)\. The script ended there\. The next run asks again\./,
        'quiet_runs = 0: told at once');
    is_deeply($sum->{away}, [$erp], 'in the summary');
    spill($mode, 'good');
    like((cron($acme, 'main.lua'))[1], qr/answers again after 20 min\. $/,
        'its end, too');
};

subtest 'a run that does not ask does not know' => sub {
    my $acme = start_customer('idle', 'quiet_runs = 0');
    spill("$acme/idle.lua", '');
    spill($mode, 'away');
    like((cron($acme, 'rows.lua'))[1], qr/is away/, 'away');
    is(join(':', (cron($acme, 'idle.lua'))[0, 1]), '0:', 'nothing is over');
    spill($mode, 'good');
    like((cron($acme, 'rows.lua'))[1], qr/answers again after 40 min/, 'now');
};

done_testing;
