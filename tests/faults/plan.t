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

# On terminals of several widths, with names that no line holds.
{
    my $folder = folder() . '/narrow';
    mkdir $folder;
    spill("$folder/v.csv", "item;code\n1;A/1\n99999;A/2\n3;bad\n");
    spill("$folder/r.lua", <<'LUA');
local name = ("n"):rep(400)
omnitron.release_all(csv.rows(here("v.csv")), function(row)
  if row.code == "bad" then error("no") end
  return { order_item_id = math.tointeger(row.item), code = row.code }
end, { name = function(row) return row.code .. name end })
LUA
    chdir $folder or die "$folder: $!\n";
    my $journal = '--mock --journal journal.db r.lua';
    `$ENV{OMNITRON} run $journal 2>&1`;
    for my $columns (40, 60, 80) {
        for my $words ('journal list', 'journal open', 'report',
            "plan $journal")
        {
            my $text = `script -qc 'stty cols $columns; \
                $ENV{OMNITRON} $words' /dev/null`;
            utf8::decode($text);
            $text =~ s/\r//g;
            like($text, qr/refused +unknown/, "$columns: report has both")
                if $words eq 'report';
            like($text =~ s/\s+/ /gr, qr/\(\d+ minutes?, since.* 1 run The last/,
                "$columns: how long, and no run without anything to send")
                if $words eq 'report';
            is(join("\n", grep { length > $columns && !/^ +omnitron / }
                    split /\n/, $text), '', "$columns columns: $words");
        }
    }
    chdir '/';
}

# What was ended says that it is not all.
{
    spill("$acme/waits.lua", "print 'begun' sleep(600)\n");
    my $plan = spawn('plan', $ENV{OMNITRON}, 'plan', '--mock',
        "$acme/waits.lua");
    wait_until(sub { -s "$plan->{at}.err" }); # where a plan's script prints
    kill 'TERM', $plan->{pid};
    my ($code, undef, $err) = finish($plan);
    is($code, 143, 'SIGTERM: exit code');
    like($err, qr/a signal ended the plan: it is not whole/, 'SIGTERM: words');
}

ok(stop_mock($mock), 'the mock ends well');
done_testing;
