#!/usr/bin/perl
# What one run leaves and the next ones make of it: rules that are mended,
# refusals, conflicts, unknown outcomes, and what a person decides in between.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

my $customers = 0;
my $item = 100001;

sub host {
    my ($options, @lines) = @_;
    my $mock = start_mock('--items', '100001-199999', '--token', 'a-token',
        @$options);
    my $acme = customer('acme' . ++$customers, 'a-token',
        qq(url = "$mock->{url}"), 'token_file = "token"', @lines);
    return ($mock, $acme);
}

# A file that asks for codes: { item => code }.
sub asking {
    my (%codes) = @_;
    my $path = folder() . '/lines.csv';
    spill($path, join '', "item;erp_doc;erp_line;stock\n",
        map {"$_;$codes{$_};1;own\n"} sort keys %codes);
    return $path;
}

sub has {
    my ($title, $run, %wanted) = @_;
    is($run->{$_}, $wanted{$_}, "$title: $_")
        or diag($_ eq 'code' ? $run->{err} : ()) for sort keys %wanted;
}

# The codes that reached the host for the item, in their order.
sub received {
    my ($title, $mock, $item, @codes) = @_;
    my $bodies = ledger($mock)->{$item} // [];
    is_deeply([map { $_->{code} } @$bodies], [map {"$_/1"} @codes],
        "$title: the host received (@codes)");
}

sub audits {
    my ($acme, $item) = @_;
    return map { $_->{note} // '' } @{ show($acme, $item)->{audit} };
}

sub decide {
    my ($acme, @words) = @_;
    my ($code, $out, $err) = omnitron('journal', shift @words, '--profile',
        "$acme/profile.lua", @words);
    is($code, 0, "journal @words") or diag($err);
    return $out;
}

sub open_items {
    my ($acme) = @_;
    my ($code, $out) = omnitron('journal', 'open', $acme);
    return $out;
}

# A rule that was wrong while the host was down.
{
    my $title = 'a rule mended after an outage';
    my ($mock, $acme) = host(['--outage', '503']);
    my %wrong = map { $_ => "WRONG-$_" } $item .. $item + 4;
    my %right = map { $_ => "SO-$_" } keys %wrong;
    has($title, run($acme, asking(%wrong)), code => 5, pending => 5);
    set_outage($mock, undef);
    has($title, run($acme, asking(%right)), code => 0, confirmed => 5,
        releases => 5, carried => 0, conflict => 0);
    received($title, $mock, $_, $right{$_}) for sort keys %right;
    like(join("\n", audits($acme, $item)), qr/WRONG-$item.*SO-$item/,
        "$title: an audit row keeps both");
    ok(stop_mock($mock), "$title: the mock ends well");
}

# Twice down, twice mended: the latest rule wins, not the first.
{
    my $title = 'a rule mended twice';
    my ($mock, $acme) = host(['--outage', 'close']);
    has($title, run($acme, asking($item => $_)), code => 5, pending => 1)
        for qw(ONE TWO);
    set_outage($mock, undef);
    has($title, run($acme), code => 0, carried => 1, confirmed => 1);
    received($title, $mock, $item, 'TWO');
    is(scalar audits($acme, $item), 1, "$title: one audit row");
    ok(stop_mock($mock), "$title: the mock ends well");
}

# A code that was refused.
{
    my $title = 'a refused code';
    my ($mock, $acme) = host([]);
    set_fault($mock, "status:400\@$item*1");
    my $wrong = asking($item => 'WRONG', $item + 1 => 'SO-2');
    has($title, run($acme, $wrong), code => 3, rejected => 1, confirmed => 1);
    for my $n (1, 2) {
        has("$title, again $n", run($acme, $wrong), code => 3, rejected => 1,
            already => 1, attempts => 0);
    }
    received("$title, again", $mock, $item, 'WRONG');
    has("$title, without input", run($acme), code => 3, attempts => 0);
    has("$title, mended", run($acme, asking($item => 'RIGHT')), code => 0,
        confirmed => 1);
    received("$title, mended", $mock, $item, 'WRONG', 'RIGHT');
    like(join("\n", audits($acme, $item)), qr/WRONG.*RIGHT/,
        "$title: an audit row keeps both");
    ok(stop_mock($mock), "$title: the mock ends well");
}

{
    my $title = 'a refusal that is old enough';
    my ($mock, $acme) = host([], 'retry_rejected = 0');
    set_fault($mock, "status:400\@$item*1");
    has($title, run($acme, asking($item => 'SO-1')), code => 3, rejected => 1);
    has($title, run($acme, asking($item => 'SO-1')), code => 0,
        confirmed => 1, attempts => 1);
    received($title, $mock, $item, 'SO-1', 'SO-1');
    ok(stop_mock($mock), "$title: the mock ends well");
}

{
    my $title = 'journal retry';
    my ($mock, $acme) = host([]);
    set_fault($mock, "status:400\@$item*1");
    has($title, run($acme, asking($item => 'SO-1')), code => 3, rejected => 1);
    decide($acme, 'retry', $item);
    is(show($acme, $item)->{state}, 'pending', "$title: it is pending");
    has($title, run($acme), code => 0, carried => 1, confirmed => 1);
    received($title, $mock, $item, 'SO-1', 'SO-1');
    ok(stop_mock($mock), "$title: the mock ends well");
}

# Another code for what is confirmed, or may be applied.
for my $fault (undef, 'drop-after') {
    my $title = 'a conflict with ' . ($fault ? 'an unknown' : 'a confirmed')
        . ' release';
    my ($mock, $acme) = host([]);
    my $open = $fault ? 4 : 0;
    set_fault($mock, $fault && "$fault\@$item*1");
    run($acme, asking($item => 'ONE'));
    for my $n (1, 2) {
        has("$title, $n", run($acme, asking($item => 'TWO')),
            code => $open || 3, conflict => 1, attempts => 0);
    }
    received($title, $mock, $item, 'ONE');
    has("$title, without input", run($acme), code => $open || 3, conflict => 0);
    my $row = show($acme, $item);
    is("$row->{state} $row->{code}",
        ($fault ? 'unknown' : 'confirmed') . ' ONE/1', "$title: the row stays");
    like(open_items($acme), qr/\b$item\b.*TWO/, "$title: it is kept");
    decide($acme, 'settle', $item, '--done', '--note', 'ONE is right');
    unlike(open_items($acme), qr/TWO/, "$title: until it is settled");
    has("$title, settled", run($acme, asking($item => 'ONE')), code => 0,
        already => 1, attempts => 0);
    ok(stop_mock($mock), "$title: the mock ends well");
}

# What is unknown is held, or sent once more.
{
    my $title = 'an unknown that is held';
    my ($mock, $acme) = host([]);
    set_fault($mock, "drop-after\@$item*1");
    has($title, run($acme, asking($item => 'SO-1')), code => 4, unknown => 1);
    has($title, run($acme, asking($item => 'SO-1')), code => 4, unknown => 1,
        attempts => 0);
    has($title, run($acme), code => 4, carried => 0, attempts => 0,
        open_unknown => 1);
    received($title, $mock, $item, 'SO-1');
    ok(stop_mock($mock), "$title: the mock ends well");
}

for my $with_input (1, 0) {
    my $title = 'when_unknown = "resend", '
        . ($with_input ? 'released again' : 'without input');
    my ($mock, $acme) = host([], 'when_unknown = "resend"');
    my $file = asking($item => 'SO-1', $item + 1 => 'SO-2');
    my @input = $with_input ? $file : ();
    set_fault($mock, "drop-after\@$item*1,drop-after\@@{[$item + 1]}");
    has($title, run($acme, $file), code => 4, unknown => 2, attempts => 2);
    has("$title, next", run($acme, @input), code => 4, confirmed => 1,
        unknown => 1, attempts => 2);
    has("$title, then", run($acme, @input), code => 4, attempts => 0,
        open_unknown => 1, unknown => $with_input);
    received($title, $mock, $item, 'SO-1', 'SO-1');
    received($title, $mock, $item + 1, 'SO-2', 'SO-2');
    for my $one ($item, $item + 1) {
        my @audits = audits($acme, $one);
        is(scalar @audits, 1, "$title: an audit row of $one");
        like($audits[0], qr/sent once more/, "$title: that says so");
    }
    ok(stop_mock($mock), "$title: the mock ends well");
}

# A person decides.
for my $word ('--done', '--not-done') {
    my $title = "settle $word";
    my ($mock, $acme) = host([]);
    my $fault = $word eq '--done' ? 'drop-after' : 'close-read';
    set_fault($mock, "$fault\@$item*1");
    has($title, run($acme, asking($item => 'SO-1')), code => 4, unknown => 1);
    decide($acme, 'settle', $item, $word, '--note', 'seen in the panel');
    my $sent = $word eq '--not-done' ? 1 : 0;
    has($title, run($acme), code => 0, carried => $sent, confirmed => $sent);
    received($title, $mock, $item, ('SO-1') x ($sent + 1));
    has($title, run($acme, asking($item => 'SO-1')), code => 0, already => 1,
        attempts => 0);
    my $row = show($acme, $item);
    is($row->{state}, 'confirmed', "$title: it is confirmed");
    is(defined $row->{mapping_pk} ? 1 : 0, $sent, "$title: its mapping");
    ok(stop_mock($mock), "$title: the mock ends well");
}

{
    my $title = 'cancel';
    my ($mock, $acme) = host(['--outage', '503']);
    my $file = asking($item => 'SO-1', $item + 1 => 'SO-2');
    has($title, run($acme, $file), code => 5, pending => 2);
    decide($acme, 'cancel', $item, '--note', 'the customer sent it back');
    set_outage($mock, undef);
    has($title, run($acme), code => 0, carried => 1, confirmed => 1);
    received($title, $mock, $item);
    is(show($acme, $item)->{state}, 'cancelled', "$title: it is cancelled");
    has("$title, released again", run($acme, $file), code => 0,
        confirmed => 1, already => 1);
    received("$title, released again", $mock, $item, 'SO-1');
    ok(stop_mock($mock), "$title: the mock ends well");
}

# One code for several items.
{
    my ($mock, $acme) = host([]);
    has('one code twice', run($acme, asking($item => 'SO', $item + 1 => 'SO')),
        code => 0, confirmed => 2, repeated_codes => 1);
    ok(stop_mock($mock), 'the mock ends well');
    my $title = 'unique_codes';
    ($mock, $acme) = host([], 'unique_codes = true');
    has($title, run($acme, asking($item => 'SO', $item + 1 => 'SO')),
        code => 3, confirmed => 1, conflict => 1, attempts => 1);
    has("$title, a later run", run($acme, asking($item + 2 => 'SO')),
        code => 3, conflict => 1, attempts => 0);
    is(scalar keys %{ ledger($mock) }, 1, "$title: one was sent");
    has("$title, mended", run($acme, asking($item + 1 => 'S2',
        $item + 2 => 'S3')), code => 0, confirmed => 2);
    ok(stop_mock($mock), "$title: the mock ends well");
}

# While the host is down, two runs keep the same code for two items.
{
    my $title = 'unique_codes while the host is down';
    my ($mock, $acme) = host(['--outage', '503'], 'unique_codes = true');
    has($title, run($acme, asking($item => 'SO')), code => 5, pending => 1);
    has($title, run($acme, asking($item + 1 => 'SO')), code => 3,
        conflict => 1, pending => 0);
    set_outage($mock, undef);
    has($title, run($acme), code => 3, carried => 1, confirmed => 1);
    is(scalar keys %{ ledger($mock) }, 1, "$title: one was sent");
    ok(stop_mock($mock), "$title: the mock ends well");
}

# A status that means "not applied" here.
{
    my $title = 'not_done';
    my ($mock, $acme) = host([], 'not_done = { 503, 409 }');
    set_fault($mock, "status:503\@$item*2,status:409\@@{[$item + 1]}*1,"
        . "status:500\@@{[$item + 2]}*1");
    my $run = run($acme, asking(map { $_ => "SO-$_" } $item .. $item + 9));
    has($title, $run, code => 4, confirmed => 9, unknown => 1, pending => 0,
        attempts => 13);
    received($title, $mock, $item, ("SO-$item") x 3);
    my @made = @{ show($acme, $item)->{attempts_made} };
    is_deeply([map { $_->{outcome} } @made],
        ['not done', 'not done', 'applied'], "$title: its attempts");
    ok(stop_mock($mock), "$title: the mock ends well");
}

# Slower on request.
{
    my ($mock, $acme) = host([], 'per_second = 40', 'at_once = 4');
    has('per_second', run($acme, asking(map { $_ => "SO-$_" }
        $item .. $item + 19)), code => 0, confirmed => 20, attempts => 20);
    is(scalar keys %{ ledger($mock) }, 20, 'per_second: all were sent');
    ok(stop_mock($mock), 'per_second: the mock ends well');
}
done_testing;
