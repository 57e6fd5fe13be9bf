#!/usr/bin/perl
# What an earlier run kept and this one sends has no script that waits for it:
# a refusal of it is told with its place all the same, once, to cron too.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

my $mock = start_mock('--items', '1-9999');

# A run that was kept from sending by an outage, its input then gone.
sub kept {
    my ($name, @lines) = @_;
    my $acme = customer($name, 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"');
    spill("$acme/release.lua", <<'LUA');
omnitron.release_all(csv.rows(here("v.csv")), function(row)
  return { order_item_id = math.tointeger(row.item), code = row.code }
end, { name = function(row) return row.code end })
LUA
    input($acme, @lines);
    set_outage($mock, '502-html');
    is((omnitron('run', "$acme/release.lua"))[0], 5, "$name: kept");
    set_outage($mock, undef);
    input($acme);
    return $acme;
}

sub input {
    my ($acme, @lines) = @_;
    spill("$acme/v.csv", join '', "item;code\n", map {"$_\n"} @lines);
}

subtest 'a person' => sub {
    my $acme = kept('person', '99999;A/1', '2;A/2');
    input($acme, '3;B/1', 'x;B/2');
    my ($code, $out, $err) = omnitron('run', '-v', "$acme/release.lua");
    is($code, 3, 'exit 3');
    like($err =~ s/\s+/ /gr, qr{\b2\ lines:\ 1\ released,\ 1\ invalid\.
        \ Of\ 2\ kept\ by\ earlier\ runs:\ 1\ released,\ 1\ rejected\..*
        v\.csv:2\ A/1\ item\ 99999\ rejected:\ 404\ Not\ found\.
        \ \(kept\ by\ run\ 1\)\ }x, 'the totals and the row');
    ($code, $out, $err) = omnitron('run', '-v', "$acme/release.lua");
    unlike($err, qr/item 99999|kept by/, 'once');
    like($err, qr/^person:\ 1\ release\ is\ rejected\ or\ in\ conflict,
        \ since\ .*:\n\ \ 99999$/mx, 'and then as what the journal has');
};

subtest 'nothing else' => sub {
    my $acme = kept('alone', '11;A/1', '12;A/2');
    my ($code, $out, $err) = omnitron('run', '-v', "$acme/release.lua");
    is($code, 0, 'exit 0');
    like($err, qr/^0\ lines\.\ Of\ 2\ kept\ by\ earlier\ runs:\ 2\ released\.
        \ /mx, 'the totals');
};

# Who asks for some rows wants nothing else to leave.
subtest 'rows that are asked for alone' => sub {
    my $acme = kept('only', '31;A/1', '32;A/2');
    input($acme, '33;B/1');
    for my $alone (['--only', 33], ['--limit', 1]) {
        my ($code, $out, $err) =
            omnitron('run', '-v', @$alone, "$acme/release.lua");
        is($code, 5, "@$alone: exit 5");
        unlike($err, qr/kept by earlier/, "@$alone: nothing was taken up");
    }
    is((omnitron('run', "$acme/release.lua"))[0], 0, 'and then they go out');
};

subtest 'cron' => sub {
    my $acme = kept('cron', '99997;A/1', '99998;A/2', '21;A/3');
    delete local $ENV{TERM};
    my ($code, $out, $err) = omnitron('run', "$acme/release.lua");
    is($code, 3, 'exit 3');
    like($err, qr{^cron:\ 2\ releases\ or\ lines\ need\ a\ person.*
        \Qv.csv:2  A/1  item 99997  (kept by run 1)\E\n
        .*\Qv.csv:3  A/2  item 99998  (kept by run 1)\E\n}xms, 'both rows');
    ($code, $out, $err) = omnitron('run', "$acme/release.lua");
    is("$code$err", '3', 'then silence, and exit 3: both are rejected still');
};

subtest 'a log' => sub {
    my $acme = kept('log', '99996;A/1');
    my ($code, $out, $err)
        = omnitron('run', '--log-format', 'json', "$acme/release.lua");
    my ($line) = grep { ($_->{what} // '') eq 'rejected' } json_lines($err);
    is_deeply([@$line{qw(name item kept_by)}], ['A/1', '99996', 1],
        'has the row');
    like($line->{source}, qr/v\.csv:2$/, 'and its place');
};

subtest 'names that a line of the log has already' => sub {
    my $acme = customer('names', 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"');
    spill("$acme/release.lua", <<'LUA');
log.warn("a", { at = "x", text = "y", at_ = 1, [7] = true, ["7"] = 1 / 0,
  ['q"at'] = 1.5 })
LUA
    my ($code, $out, $err)
        = omnitron('run', '--log-format', 'json', "$acme/release.lua");
    my ($line) = json_lines($err);
    is_deeply([@$line{qw(text at_ text_ at__ q"at)}],
        ['a', 'x', 'y', 1, 1.5], 'get another')
        or diag($err);
};

ok(stop_mock($mock), 'the mock ends well');
done_testing;
