#!/usr/bin/perl
# formats.t: what commands say with --json has the keys that host/doc lists for
# it, all of them and in that order; and so has the mock's ledger.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../faults";
use File::Basename qw(dirname);
use JSON::PP;
use Rig;
use Test::More;

my $text = slurp(dirname(__FILE__) . '/../../host/doc/commands.md');
our ($table) = $text =~ /^\| what \| keys \|\n\| ---[^\n]*\n((?:\|[^\n]*\n)*)/m;
my %seen;

# The row of that name; "those, and `more`" are behind those of its format.
sub keys_in {
    my ($name) = @_;
    my ($cell) = $table =~ /^\| [^|\n]*\Q$name\E[^|\n]* \| ([^|\n]*) \|$/m
        or return "commands.md has no $name";
    $seen{$name} = 1;
    my ($keys) = $cell =~ /`([a-z0-9_ ]+)`[^`]*$/;
    return $cell =~ /^those/ ? keys_in('`journal list --json`') . " $keys"
        : $keys;
}

# JSON::PP forgets the order; no text of these has what looks like a key.
sub keys_of {
    my ($line) = @_;
    my ($depth, @keys) = (0);
    while ($line =~ /"((?:\\.|[^"\\])*)"(\s*:)?|([{\[])|([}\]])/g) {
        if ($3) { $depth++ }
        elsif ($4) { $depth-- }
        elsif ($2 && $depth == 1) { push @keys, $1 }
    }
    return join ' ', @keys;
}

sub has_keys {
    my ($line, $name) = @_;
    is(keys_of($line), keys_in($name), $name);
    return;
}

sub first_in { # "attempts_made":[{…}] of a line
    my ($line, $key) = @_;
    return encode_json(decode_json($line)->{$key}[0] // {});
}

sub same_set {
    my ($line, $name) = @_;
    is(join(' ', sort split ' ', keys_of($line)),
        join(' ', sort split ' ', keys_in($name)), $name);
    return;
}

my $acme = folder() . '/acme';
is((omnitron('init', $acme))[0], 0, 'a customer');
spill("$acme/bad.csv", "order;item;sku;erp_doc;erp_line;qty;stock\n"
        . "1;x;A;SO-1;10;1;own\n1;99999;A;SO-2;10;1;own\n");
my @journal = ('--journal', "$acme/j.db");
is((omnitron('run', '--mock', @journal, "$acme/release.lua",
    "$acme/bad.csv"))[0], 3, 'a run');
is((omnitron('journal', 'cancel', @journal, '99999', '--note', 'no'))[0], 0,
    'a word of a person');
is((omnitron('remember', @journal, 'k', 'v'))[0], 0, 'a cursor');

# The first line of what a command prints.
sub said {
    my ($code, $out) = omnitron(@_);
    return (split /\n/, $out)[0] // '';
}

my $item = said('why', '--json', @journal, '99999');
has_keys(said('journal', 'list', '--json', @journal), '`journal list --json`');
is(keys_of(said('journal', 'export', '--json', @journal)),
    keys_in('`journal export --json`'), 'and export');
has_keys(said('journal', 'show', '--json', @journal, '99999'),
    '`journal show --json`');
has_keys($item, '`why --json`, of an item');
has_keys(said('why', '--json', @journal, 'x'),
    '`why --json`, of a row that became no release');
same_set(first_in($item, 'attempts_made'), 'each of `attempts_made`');
same_set(first_in($item, 'audit'), 'each of `audit`');
my $plan = said('plan', '--mock', '--json', @journal, "$acme/release.lua",
    "$acme/bad.csv");
has_keys($plan, '`plan --json`');
has_keys(said('journal', 'verify', '--json', @journal),
    '`journal verify --json`');
has_keys(said('recall', '--json', @journal), '`recall --json`');
has_keys(said('status', '--json', $acme), '`status --json`');
my $report = said('report', '--json', @journal);
has_keys($report, '`report --json`');
# One that has answers: all of its keys.
sub answered_in {
    my ($key) = @_;
    my ($first) = $report =~ /"\Q$key\E":\[(.*?)\]/;
    return (grep {/longest_ms/} $first =~ /\{.*?\}/g)[0] // '';
}
has_keys(answered_in('spans'), 'each of `spans`');
has_keys(answered_in('cells'), 'each of `cells`');
has_keys(said('help', '--json'), '`help --json`');

# What the mock received.
my $mock = start_mock();
my $real = customer('real', 'mock', qq(url = "$mock->{url}"),
    'token_file = "token"');
spill("$real/v.lua", 'omnitron.release{ order_item_id = 7, code = "A/1" }');
is((omnitron('run', "$real/v.lua"))[0], 0, 'a run at the mock');
my $ledger = `curl -s $mock->{url}/__mock__/ledger`;
my $entry = encode_json(decode_json($ledger)->[0]);
same_set($entry, '`GET /__mock__/ledger`');
same_set(first_in($entry, 'received'), 'each of `received`');
stop_mock($mock);

# And the table has nothing else.
my @rows = map { (split /\|/)[1] } split /\n/, $table;
is(join("\n", grep {
        my $row = $_;
        !grep { index($row, $_) >= 0 } keys %seen
    } @rows), '', 'each row was looked at');
{
    local $table = $table =~ s/ would / /r;
    isnt(keys_of($plan), keys_in('`plan --json`'), 'a key is missed');
    $table =~ s/code update_stock message/update_stock would code message/;
    isnt(keys_of($plan), keys_in('`plan --json`'), 'and another order');
}
done_testing;
