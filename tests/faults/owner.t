#!/usr/bin/perl
# Files of other users: what they own or can write is not believed, by any
# command, and the token goes nowhere because of it. Made by root.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use IO::Socket::INET;
use Test::More;

plan skip_all => 'root alone can give a file away' if $> != 0;
alarm 600;

my $other = 54321;
my $token = 'canary-4f1c9a7be2d05863';

# Whoever connects has had something sent.
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 50)
    or die "no socket: $!\n";
my $url = 'http://127.0.0.1:' . $listener->sockport;

sub connected {
    my $ready = '';
    vec($ready, $listener->fileno, 1) = 1;
    my $n = select $ready, undef, undef, 0;
    close $listener->accept for 1 .. $n;
    return $n;
}

my $n = 0;

sub acme {
    my $acme = customer('acme' . ++$n, $token, qq(url = "$url"),
        'token_file = "token"');
    spill("$acme/module.lua", 'print "EVALUATED" return {}');
    spill("$acme/release.lua", 'print "EVALUATED" require "module"');
    spill("$acme/x_test.lua", 'print "EVALUATED" test("x", function() end)');
    spill("$acme/lines.csv", "item\n1\n");
    return $acme;
}

sub commands {
    my ($acme) = @_;
    my @named = ('--profile', "$acme/profile.lua");
    return (
        run => ['run', "$acme/release.lua"],
        'run --mock' => ['run', '--mock', "$acme/release.lua"],
        plan => ['plan', "$acme/release.lua"],
        check => ['check', "$acme/release.lua"],
        test => ['test', $acme], doctor => ['doctor', $acme],
        repl => ['repl', $acme], cron => ['cron', "$acme/release.lua"],
        why => ['why', @named, 1], report => ['report', @named],
        recall => ['recall', @named], list => ['journal', 'list', $acme],
        open => ['journal', 'open', $acme],
        verify => ['journal', 'verify', $acme],
        show => ['journal', 'show', @named, 1],
        settle => ['journal', 'settle', @named, 1, '--done', '--note', 'n'],
        prune => ['journal', 'prune', @named],
        export => ['journal', 'export', '--csv', @named],
        backup => ['journal', 'backup', @named, "$acme/copy.db"],
        remember => ['remember', @named, 'key', 'value'],
    );
}

# The commands named refuse it: in one line that names the file.
sub refused {
    my ($title, $acme, $file, $says, @names) = @_;
    my %all = commands($acme);
    for my $name (@names ? @names : sort keys %all) {
        local $ENV{OMNITRON_TOKEN} = $token;
        my ($code, $out, $err) = omnitron(@{ $all{$name} });
        my $text = "$out$err" =~ s/\s+/ /gr;
        is($code, 2, "$title, $name: exit 2") or diag($text);
        like($text, qr/\Q$acme\E$file $says/, "$title, $name: says so");
        unlike($text, qr/EVALUATED/, "$title, $name: nothing was evaluated");
        unlike($text, qr/\Q$token\E/, "$title, $name: no token");
        is(connected(), 0, "$title, $name: nothing was sent");
    }
}

my $owned = 'belongs to another user, uid 54321, and this is root \(uid 0\): it '
    . "is not believed. Run as its owner \\(sudo -u '#54321' omnitron";
my $open = 'has mode 0\d+, so every user can write it: it is not believed\. '
    . 'chmod o-w ';
my @evaluating = ('run', 'run --mock', 'plan', 'check');

for my $case (['another\'s', sub { chown $other, -1, $_[0] }, $owned],
    ['for all', sub { chmod 0666, $_[0] }, $open])
{
    my ($whose, $spoil, $says) = @$case;
    for ([profile => '/profile.lua'], [script => '/release.lua',
            @evaluating, 'cron'], [module => '/module.lua',
            'run --mock'], [tests => '/x_test.lua', 'test'],
        [journal => '/journal.db', 'run', 'plan', 'why', 'report', 'recall',
            'list', 'open', 'verify', 'show', 'settle', 'prune', 'export',
            'backup', 'remember'])
    {
        my ($what, $file, @names) = @$_;
        my $acme = acme();
        $spoil->("$acme$file");
        spill("$acme/release.lua", 'require "module"') if $what eq 'module';
        refused("$what $whose", $acme, $file, $says, @names);
    }
    for my $end (qw(-wal -shm -journal .lock .notes)) {
        my $acme = acme();
        spill("$acme/journal.db$end", '', 0600);
        $spoil->("$acme/journal.db$end");
        refused("$end $whose", $acme, "/journal.db$end", $says, 'run', 'list');
    }
}

# A token, as a run and a doctor find it.
{
    my $acme = acme();
    chown $other, -1, "$acme/token";
    refused("token another's", $acme, '/token', $owned, 'run');
    chown 0, -1, "$acme/token";
    link "$acme/token", "$acme/again";
    refused('token of two names', $acme, '/token', 'has a second name', 'run');
    like((omnitron('doctor', $acme))[1], qr/^bad   token .*has a second/m,
        'token of two names, doctor: says so');
    connected(); # what it looked at the host with has no token
}

# The folder: whoever can write into it can put another file there.
{
    my $acme = acme();
    chmod 0777, $acme;
    refused('folder for all', $acme, '', 'has mode 0777, so every user can '
        . 'write into it: it is not believed\. chmod o-w ');
    chmod 01777, $acme;
    my %all = commands($acme);
    is((omnitron(@{ $all{$_} }))[0], 0, "sticky folder, $_: exit 0")
        for 'run --mock', 'list', 'check';
    chown $other, -1, $acme;
    refused("folder another's", $acme, '', $owned);
}

# The first line of doctor says it, and that nothing was sent.
{
    my $acme = acme();
    chown $other, -1, "$acme/profile.lua";
    local $ENV{OMNITRON_TOKEN} = $token;
    my ($code, $out) = omnitron('doctor', $acme);
    like($out =~ s/\n {2,}/ /gr, qr/\Abad   profile\.lua .* belongs to another user/, 'doctor: first line');
    like($out =~ s/\s+/ /gr, qr/Nothing was sent to anybody\./,
        'doctor: says that nothing was sent');
    is(connected(), 0, 'doctor: nothing was sent');
    local $ENV{SUDO_UID} = $other;
    my %all = commands($acme);
    is((omnitron(@{ $all{check} }))[0], 0, 'by sudo: who called it is believed');
    local $ENV{SUDO_UID} = $other + 1;
    is((omnitron(@{ $all{check} }))[0], 2, 'by sudo: and nobody else');
}

# A script that can be read is not said to be unreadable.
{
    my $acme = acme();
    chmod 0666, "$acme/release.lua";
    my ($code, $out) = omnitron('doctor', $acme);
    like($out =~ s/\s+/ /gr, qr/every user can write it.*chmod o-w \S+release/,
        'doctor: what all can write');
    unlike($out, qr/u\+r/, 'doctor: and all can read');
}

# What a run by sudo makes beside a journal is its owner's.
{
    my $acme = acme();
    spill("$acme/release.lua", 'omnitron.release { order_item_id = 1, code = "A/1", update_stock = true }');
    system "chown -R $other $acme";
    local $ENV{SUDO_UID} = $other;
    local $ENV{OMNITRON_TOKEN} = $token;
    omnitron('run', "$acme/release.lua");
    my @made = grep { -e } map { "$acme/journal.db$_" } '.lock', '.notes', '-wal', '-shm';
    ok(scalar(grep { /lock$|notes$/ } @made) == 2, 'by sudo: lock and notes');
    is(join(' ', map { (stat)[4] } @made), join(' ', ($other) x @made),
        'by sudo: they are the owner\'s');
}

# A plain user in a folder of his own, and in one of root's.
{
    my $acme = acme();
    chmod 0755, folder(), $acme;
    my @as = ('setpriv', "--reuid=$other", "--regid=$other", '--clear-groups');
    my %all = commands($acme);
    SKIP: {
        skip 'another user may not run the program here', 3
            if system("@as test -x $ENV{OMNITRON}") != 0;
        my @check = ($ENV{OMNITRON}, @{ $all{check} });
        is((finish(spawn('user', @as, @check)))[0], 0, "root's are believed");
        system 'chown', '-R', "$other:$other", $acme;
        chmod 0775, $acme;
        is((finish(spawn('user', @as, @check)))[0], 0, 'and his own');
        is((finish(spawn('user', @as, $ENV{OMNITRON},
            @{ $all{'run --mock'} })))[0], 0, 'which a run evaluates');
        chown $other + 1, -1, "$acme/release.lua";
        is((finish(spawn('user', @as, @check)))[0], 2, 'and no other user\'s');
    }
}

# What is made under any umask is not for others to write.
{
    my $acme = folder() . '/made';
    my $was = umask 0;
    my ($code, $out, $err) = omnitron('init', $acme);
    is("$code$err", '0', 'init');
    omnitron('run', '--mock', '--journal', "$acme/journal.db", '--log-file',
        "$acme/log", '--metrics', "$acme/m.prom", '--summary',
        "$acme/summary.json", "$acme/release.lua", "$acme/sample.csv");
    umask $was;
    my @writable = `find '$acme' -perm /022 ! -type l`;
    is("@writable", '', 'nothing is for others to write');
    my @private = map { sprintf '%04o', (stat "$acme/$_")[2] & 07777 }
        'token', 'journal.db', 'journal.db.lock';
    is("@private", '0600 0600 0600', 'nor to read, where that is so');
}

done_testing;
