#!/usr/bin/perl
# What a plan says of the journal, and on a narrow terminal.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Fcntl ':flock';
use Rig;
use Test::More;
use Time::HiRes 'sleep';

my $mock = start_mock('--items', '1-9999', '--latency', '60000');

my $acme = customer('acme', 'mock', qq(url = "$mock->{url}"),
    'token_file = "token"', 'first_look = false');
spill("$acme/release.lua", "omnitron.release { order_item_id = 7,\n"
    . "  code = 'A/7', update_stock = true }\n");

sub planned {
    my (@args) = @_;
    my ($code, $out, $err) = omnitron('plan', @args, "$acme/release.lua");
    return ($code, $out, $err);
}

# Until its request is out.
my $run = spawn('run', $ENV{OMNITRON}, 'run', "$acme/release.lua");
my $sending;
for (1 .. 600) {
    my $row = journal($acme)->{7};
    $sending = $row && $row->{state} eq 'sending';
    last if $sending;
    sleep 0.1;
}
ok($sending, 'a request is out');
my ($code, $out) = planned();
isnt($code, 4, 'a run is alive: what it has on its way is not unknown');
unlike($out, qr/unknown: omnitron/, 'and nothing is said of it');

kill 'KILL', $run->{pid};
finish($run);
($code, $out) = planned();
is($code, 4, 'the run is dead: exit 4');
like($out =~ s/\s+/ /gr, qr{Look\ at:\ 1\ release\ in\ the\ journal\ is\ unknown:
    \ omnitron\ journal\ open\ \Q$acme\E\.\ }x, 'and why');
($code, $out, my $err) = planned('--json');
like("$code$err", qr/^4.*unknown in the journal: 1; see omnitron journal open/,
    'JSON: beside it');

ok(stop_mock($mock), 'the mock ends well');
done_testing;
