#!/usr/bin/perl
# What a person sees of a run at a terminal: the line that grows, what a
# script prints and logs meanwhile, and the report, at 80 and 40 columns; and
# that nothing of the line stays. The bytes of a terminal, where tmux would
# hide what it does with them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Terminal;
use Test::More;

alarm 300;
delete $ENV{NO_COLOR};
$ENV{TERM} = 'xterm';

my $program = $ENV{OMNITRON};
my $mock = start_mock('--items', '1-99999');
my ($acme, $next) = ('', 0);

# The rule fails for one row, and waits for the test at another.
my $script = <<'LUA';
local n = 0
local function wait_for(name)
  io.open(here("at-" .. name), "w"):close()
  repeat sleep(0.12) until io.open(here(name))
end
omnitron.release_all(csv.rows(here("lines.csv")), function(row)
  n = n + 1
  if n == 5 then error("no warehouse 'ANK'") end
  if n == 12 then
    wait_for("first")
    print("printed")
    io.write("written ")
    io.write("in two\n")
    io.stderr:write("to stderr\n")
    log.warn("logged")
    wait_for("second")
  end
  return { order_item_id = math.tointeger(row.item), code = row.code }
end, { at_once = 1 })
LUA

# A customer of whom nothing was released; the host does not know the last one.
sub fresh {
    $acme = customer('acme' . $next++, 'mock', qq(url = "$mock->{url}"),
        'token_file = "token"');
    spill("$acme/lines.csv", join '', "item;code\n",
        map {"$_;SO-$_/1\n"} 1 .. 30, 100_000);
    spill("$acme/release.lua", $script);
}

sub begin {
    my ($columns) = @_;
    fresh();
    open_terminal($columns, $acme, "LC_ALL=C.UTF-8 $program run release.lua");
    return wait_until(sub { -e "$acme/at-first" });
}

sub go_on {
    spill("$acme/$_[0]", '');
}

for my $columns (80, 40) {
    ok begin($columns), "$columns: it begins";
    my $line = $columns == 80
        ? qr/11 of 31 \[###+\.+\] 10 released, 1 failed   \d+ s  \d+\/s/
        : qr/11 of 31: (?:10 released, )?…   \d+ s  \d+\/s/;
    my $text = screen_is(qr/^$line(?:  \d+ s left)?\z/);
    like $text, qr/^$line(?:  \d+ s left)?\z/, "$columns: the line";
    like tmux('capture-pane', '-p', '-e'), qr/\e\[32m10 released/,
        "$columns: in colour" if $columns == 80;
    go_on('first');
    $text = screen_is(qr/logged\n$line/);
    my $said = qr/printed\nwritten in two\nto stderr\nwarn: logged/;
    like $text, qr/^$said\n$line(?:  \d+ s left)?\z/, "$columns: what a script says is whole";
    go_on('second');
    $text = screen_is(qr/exit=\d+\z/);
    unlike $text, qr/ of 31 /, "$columns: nothing of the line stays";
    like $text =~ s/\s+/ /gr, qr/logged 31 lines: 29 released, 1 rejected, 1 failed/,
        "$columns: the report";
    like $text =~ s/\s+/ /gr, qr/lines\.csv:6 failed: release\.lua:8: no/,
        "$columns: its lines";
    like $text, qr/exit=3\z/, "$columns: exit 3";
    close_terminal();
}

# The window becomes narrow while the line is on the screen.
{
    begin(100);
    screen_is(qr/11 of 31 /);
    tmux('resize-window', '-x', 40);
    go_on('first');
    my $text = screen_is(qr/logged\n11 of 31/);
    like $text, qr/\n11 of 31:? \S.*\z/, 'a narrower window: the line fits';
    unlike $text, qr/logged\n11 of 31.*\n./, 'a narrower window: in one line';
    go_on('second');
    like screen_is(qr/exit=\d+\z/), qr/exit=3\z/, 'a narrower window: the end';
    close_terminal();
}

# The bytes, as a terminal gets them.
sub bytes {
    my ($environment, @options) = @_;
    fresh();
    go_on($_) for qw(first second);
    my $line = join ' ', $environment, $program, 'run', @options,
        "$acme/release.lua";
    my ($code, $out)
        = finish(spawn('bytes', 'script', '-qec', $line, '/dev/null'));
    return $out =~ s/\r\n/\n/gr;
}

my $all = bytes('env');
like $all, qr/ of 31 \[/, 'a terminal: the line';
like $all, qr/\e\[32mreleased\e\[0m/, 'a terminal: colour in the report';
like $all, qr/\e\[31mfailed\e\[0m/, 'a terminal: red, too';
$all =~ s/\r\e\[K//g;
$all =~ s/\e\[(?:0|31|32|33)m//g;
unlike $all, qr/[\e\r]/, 'a terminal: nothing else that it obeys';

unlike bytes('env NO_COLOR=1'), qr/\e\[\d/, 'NO_COLOR: no colour';
like bytes('env NO_COLOR=1'), qr/ of 31 \[/, 'NO_COLOR: but the line';
unlike bytes('env TERM=dumb'), qr/[\e\r]/, 'a dumb terminal: neither';
unlike bytes('env -u TERM'), qr/[\e\r]/, 'no TERM: neither';
unlike bytes('env', '-q'), qr/\r\e| of 31 \[/, '-q: no line';
unlike bytes('env', '--log-format', 'json'), qr/[\e\r]/, 'JSON: neither';

{
    fresh();
    go_on($_) for qw(first second);
    my ($code, $out, $err) = omnitron('run', "$acme/release.lua");
    unlike "$out$err", qr/[\e\r]/, 'no terminal: neither';
    like $err, qr/2 of 31 lines need a person/, 'no terminal: the report';
}

ok stop_mock($mock), 'the mock ends well';
done_testing;
