#!/usr/bin/perl
# Scripts that do not come back when the run has to end: it ends in order after
# a moment, and says which line of which script held it, at which row; or the
# process ends where it stands, and the next run goes on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;

alarm 300; # a run that does not end fails

my $mock = start_mock('--items', '1-999999');
my $name = 'acme0';

sub new_case {
    my ($title, $rule) = @_;
    my $acme = customer(++$name, 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"', 'run_away = "60s"');
    my $first = 100 * ($name =~ s/\D//gr) + 1;
    spill("$acme/rule.lua", $rule);
    spill("$acme/lines.csv",
        join '', "item,code\n", map { "$_,SO-$_\n" } $first .. $first + 9);
    return { title => $title, acme => $acme, held => $first + 4 };
}

# Once the rule has come to the line that it does not come back from.
sub start {
    my ($case, @options) = @_;
    my $acme = $case->{acme};
    my $job = spawn($name, $ENV{OMNITRON}, 'run', '--summary',
        "$acme/summary.json", @options, "$acme/rule.lua", "$acme/lines.csv");
    wait_until(sub { -e "$acme/there" });
    return $job;
}

sub rule {
    my ($case_code) = @_;
    return <<"LUA";
return function(row)
  if row.item % 100 == 5 and io.open(here "hold") then
    io.open(here "there", "w"):close()
    $case_code
  end
  return { order_item_id = row.item, code = row.code }
end
LUA
}

# The next run, without what held this one.
sub goes_on {
    my ($case) = @_;
    unlink "$case->{acme}/hold";
    my ($code, undef, $err) = finish(spawn("$name-again", $ENV{OMNITRON},
        'run', "$case->{acme}/rule.lua", "$case->{acme}/lines.csv"));
    is($code, 0, "$case->{title}: the next run does the rest") or diag($err);
    my $rows = journal($case->{acme});
    is(scalar(grep { $rows->{$_}{state} eq 'confirmed' } keys %$rows),
        10, "$case->{title}: all are confirmed");
    my $received = ledger($mock);
    is_deeply([grep { @{ $received->{$_} // [] } != 1 } keys %$rows],
        [], "$case->{title}: each was sent once");
}

sub ends_in_order {
    my ($title, $code_of_rule, $expected, $reason, @options) = @_;
    my $case = new_case($title, rule($code_of_rule));
    spill("$case->{acme}/hold", '');
    my $job = start($case, @options);
    kill TERM => $job->{pid} if !@options;
    my ($code, undef, $err) = finish($job);
    is($code, $expected, "$title: exit $expected") or diag($err);
    my $held = "rule.lua:4 did not come back within a second of $reason "
        . "(at lines.csv:6)";
    like($err, qr/^error: the run was ended: \Q$held\E$/m, "$title: said");
    my $s = summary("$case->{acme}/summary.json");
    is($s->{held}, $held, "$title: in the summary");
    is($s->{exit}, $expected, "$title: its code, too");
    my $rows = journal($case->{acme});
    is_deeply([grep { $rows->{$_}{state} eq 'sending' } keys %$rows],
        [], "$title: nothing is left sending");
    goes_on($case);
}

ends_in_order('a loop', 'while true do pcall(error) end', 143, 'SIGTERM');
ends_in_order('a deadline', 'while true do pcall(error) end',
    5, 'its deadline', '--deadline', '2s');
ends_in_order('a coroutine', 'coroutine.wrap(function() repeat until false end)()',
    143, 'SIGTERM');

{
    my $case = new_case('a pattern',
        rule('local _ = (("a"):rep(30000)):find(".-.-.-.-b")'));
    spill("$case->{acme}/hold", '');
    my $job = start($case);
    kill TERM => $job->{pid};
    my ($code, undef, $err) = finish($job);
    is($code, 143, 'a pattern: exit 143');
    like($err,
        qr/^error: the run was ended: rule\.lua:4 did not come back within 5 s of SIGTERM\. .*unknown, the journal is right\.$/m,
        'a pattern: the place, and what is not known');
    goes_on($case);
}

stop_mock($mock);
done_testing();
