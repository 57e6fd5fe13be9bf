#!/usr/bin/perl
# repl.t: the repl at a terminal: what is typed, completed and stopped, what
# the history keeps, and the journal's lock while releases are real.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::INET;
use Rig;
use Terminal;
use Test::More;

my $program = $ENV{OMNITRON};
my $locale = 'C.UTF-8';

sub start {
    my (@args) = @_;
    my $home = folder();
    my $command = join ' ', "LC_ALL=$locale",
        "XDG_STATE_HOME=$home/state", "HOME=$home",
        $program, 'repl', @args;
    open_terminal(80, $home, $command);
}

# The end of the screen.
sub shows {
    my ($pattern, $name) = @_;
    my $end = qr/(?:$pattern)\z/;
    like screen_is($end), $end, $name;
}

sub begins {
    my $begun = qr/\nbegun\z/;
    screen_is($begun) =~ $begun or fail 'it begins';
}

sub type {
    tmux('send-keys', '-l', '--', $_[0]);
    tmux('send-keys', 'Enter');
}

sub key {
    tmux('send-keys', @_);
}

# On a screen that has nothing else: an old end would do for a new one.
sub answers {
    my ($line, $pattern) = @_;
    key('C-l');
    screen_is(qr/\A(?:plan|live \S+)>\z/);
    type($line);
    shows($pattern, $line);
}

# Somebody who accepts and never answers.
my $silence = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5)
    or die "no socket: $!\n";
my $nobody = 'http://127.0.0.1:' . $silence->sockport . '/';

my $mock = start_mock();
my $acme = customer('acme', 'mock', "url = \"$mock->{url}\"");
spill("$acme/profile.lua", "return { url = \"$mock->{url}\", timeout = 2,\n"
    . "token_file = \"token\", settings = { key = secret \"odoo.key\" } }\n");
spill("$acme/odoo.key", "s3cret-key\n", 0600);
spill("$acme/nothing.lua", '');

subtest 'a line' => sub {
    start('--mock');
    shows(qr/omnitron \S+\. .*\nplan>/s, 'it greets');
    answers('1 + 1', qr/plan> 1 \+ 1\n2\nplan>/);
    answers('_ * 21', qr/\n42\nplan>/);
    type('t = {');
    shows(qr/plan> t = \{\n  \.\.\./, 'a line that is not whole');
    type('{ item = 1, code = "A" }, { item = 2, code = "B" } }');
    answers('t', qr/plan> t\ncode  item\n"A"      1\n"B"      2\nplan>/);
    answers('"ğ€" .. #"ğ€"', qr/\n"ğ€5"\nplan>/);
    answers('error "oh"', qr/\nrepl:1: oh\nplan>/);
    answers('n = {} for i = 1, 1000 do n[i] = { i, {} } end', qr/end\nplan>/);
    answers('n', qr/\n… there is more: look at a part of it \(_\)\nplan>/);
    answers('omnitron.release{ order_item_id = 7, code = "SO-7/1" }.planned',
        qr/\nwould release 7 as SO-7\/1, and let its stock go\ntrue\nplan>/);
};

subtest 'Tab' => sub {
    key('C-l', 'o', 'm', 'n', 'Tab');
    shows(qr/plan> omnitron/, 'a global');
    key('.', 'r', 'e', 'l', 'Tab');
    shows(qr/plan> omnitron\.release/, 'as far as it is clear');
    key('Tab');
    shows(qr/\nrelease +release_all\nplan> omnitron\.release/,
        'what there is');
    key('C-u');
    type('box = setmetatable({ lid = {} }, { __index = { key = 1 } })');
    key('C-l', 'b', 'o', 'x', '.', 'k', 'Tab');
    shows(qr/plan> box\.key/, 'a field of what is behind');
    key('C-u', 'b', 'o', 'x', '.', 'l', 'Tab', '.', 'x', 'Tab');
    shows(qr/plan> box\.lid\.x/, 'nothing');
    key('C-u', ':', 'l', 'Tab');
    shows(qr/plan> :live/, 'a command');
    key('C-u');
};

subtest 'Ctrl-C' => sub {
    my %endless = (
        'while true do end' => 'a loop',
        'while true do pcall(function() while true do end end) end'
            => 'a loop that holds errors',
        'sleep(10000)' => 'a wait',
        'while true do pcall(sleep, 10000) end' => 'a wait that holds errors',
        "http.get '$nobody'" => 'a request',
        'coroutine.wrap(function() sleep(10000) end)()' => 'a generator',
    );
    for my $line (sort keys %endless) {
        for my $time ('once', 'twice') {
            key('C-l');
            type("print 'begun' $line");
            begins();
            key('C-c');
            shows(qr/\n\^?C?stopped\nplan>/, "$endless{$line}, $time");
        }
    }
    type("local c <close> = setmetatable({}, { __close = function() "
        . "print 'closed' end }) print 'begun' sleep(10000)");
    begins();
    key('C-c');
    shows(qr/closed\nstopped\nplan>/, 'what was to be closed is');
    key('C-l', 'a', 'b', 'c');
    shows(qr/plan> abc/, 'typed');
    key('C-c');
    shows(qr/\nplan>/, 'what was typed is dropped');
    type('x = {');
    key('C-c');
    shows(qr/\nplan>/, 'so is what is not whole');
    answers('x', qr/\nnil\nplan>/);
    key('C-d');
    shows(qr/plan> .*\nexit=0/s, 'Ctrl-D leaves');
    close_terminal();
};

subtest 'history' => sub {
    my $file = folder() . '/state/omnitron/history';
    is sprintf('%o', (stat $file)[2] & 07777), '600', 'its mode';
    like slurp($file), qr/^1 \+ 1\n_ \* 21\nt = \{\n/, 'the lines';
    start($acme);
    shows(qr/plan>/, 'another one');
    key('Up');
    shows(qr/plan> x/, 'the last line of the first');
    key('Up');
    shows(qr/plan> x = \{/, 'it has the lines of the first');
    key('C-u');
    shows(qr/plan>/, 'an empty line');
    answers('key = "s3cret-key"', qr/\nplan>/);
    answers('settings', qr/\n\{ key = "\*\*\*" \}\nplan>/);
    unlike slurp($file), qr/s3cret/, 'no secret in the file';
    like slurp($file), qr/^key = "\*\*\*"\n/m, 'but stars';
};

subtest 'live' => sub {
    answers('omnitron.release{ order_item_id = 5, code = "A/1" }.code',
        qr/would release 5 .*\n"A\/1"\nplan>/);
    is_deeply ledger($mock), {}, 'nothing was sent';
    answers(':live', qr/goes to 127\.0\.0\.1:\d+\.\n.*\nlive 127\S+>/s);
    answers('omnitron.release{ order_item_id = 5, code = "A/1" }.code',
        qr/\n"A\/1"\nlive \S+>/);
    is ledger($mock)->{5}[0]{code}, 'A/1', 'it was sent';
    my $run = do {
        local $ENV{TERM} = 'dumb'; # a person's, not cron's
        run($acme);
    };
    is $run->{code}, 11, 'a run finds the journal locked';
    like $run->{err}, qr/repl/, 'and by whom';
    spill(folder() . "/live", ":live\n");
    is system("$program repl $acme <" . folder() . "/live 2>/dev/null") >> 8,
        1, 'so does another repl';

    set_fault($mock, 'silence-after@6*1');
    key('C-l');
    type('omnitron.release{ order_item_id = 6, code = "A/2" }');
    wait_until(sub { ledger($mock)->{6} });
    key('C-c');
    shows(qr/stopped; what is on its way .*\nlive \S+>/s, 'Ctrl-C');
    answers('6 * 7', qr/\n42\nlive \S+>/);
    answers(':plan', qr/more: 1 released, 1 unknown\.\n.*\nplan>/s);
    is journal($acme)->{5}{state}, 'confirmed', 'the journal has the one';
    is journal($acme)->{6}{state}, 'unknown', 'and the other';
    is run($acme)->{code}, 4, 'the lock is free';
    answers('omnitron.known(6).state', qr/\n"unknown"\nplan>/);
    type(':quit');
    shows(qr/\nexit=0/, 'it leaves');
    close_terminal();
};

subtest 'a signal, and no locale' => sub {
    $locale = 'C';
    start($acme);
    shows(qr/plan>/, 'it runs');
    answers('#"ğü€"', qr/\n7\nplan>/);
    answers(':live', qr/live \S+>/);
    my ($pid) = slurp("$acme/journal.db.lock") =~ /(\d+)/;
    kill 'TERM', $pid;
    shows(qr/Not live any more: 0 released\.\nexit=143/, 'it ends in order');
    close_terminal();
};

subtest 'the disk' => sub {
    my $lines = folder() . '/lines';
    spill($lines, ":live\nfor i = 101, 130 do omnitron.release{ "
        . "order_item_id = i, code = \"A/\" .. i } end\nprint 'after'\n");
    my ($code, $out, $err) = finish(spawn('disk', 'sh', '-c',
        "exec env DISK_FAULT=any:fdatasync:any:6:5 "
        . "LD_PRELOAD=$ENV{BUILD}/faults/disk.so $program repl $acme <$lines"));
    is $code, 7, 'it fails, and so does the repl';
    unlike $out, qr/after/, 'no further line is read';
    is scalar(() = $err =~ /has failed/g), 1, 'it is said once';
    cmp_ok keys %{ ledger($mock) }, q(<), 30, 'nothing more is sent';
};

ok stop_mock($mock), 'the mock ends well';
done_testing;
