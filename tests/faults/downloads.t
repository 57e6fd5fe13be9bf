#!/usr/bin/perl
# downloads.t: what a script fetches by ftp:// and sftp://, and from whom it
# does not. SFTP is tried where there is an sshd.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::INET;
use POSIX ();
use Rig;
use Test::More;

my $lines = join '', map { "line $_\n" } 1 .. 50_000;
my %files = ('/out/lines.csv' => $lines, '/out/empty.csv' => '',
    '/out/cut.csv' => $lines);

# A server of FTP, one session at a time in a process of its own: the part
# that a download needs. The user mute gets no answer to QUIT, which must not
# hold up anything.
sub data_port {
    my ($client, $data) = @_;
    $$data = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1);
    my $port = $$data->sockport;
    print {$client} "229 Entering Extended Passive Mode (|||$port|)\r\n";
}

sub send_data {
    my ($client, $data, $text, $len) = @_;
    print {$client} "150 Here it comes\r\n";
    my $to = $data->accept or return;
    print {$to} substr $text, 0, $len;
    close $to;
    print {$client} "226 Done\r\n";
}

sub session {
    my ($client) = @_;
    my ($folder, $user, $data) = ('', '');
    print {$client} "220-Welcome\r\n220 to a test\r\n";
    while (my $line = <$client>) {
        my ($verb, $arg) = $line =~ /^(\w+) ?(.*?)\r\n$/ or return;
        my $path = "$folder/" . ($arg // '');
        if ($verb eq 'USER') {
            $user = $arg;
            print {$client} "331 And the password?\r\n";
        }
        elsif ($verb eq 'PASS') {
            print {$client} $arg eq 'pass word' ? "230 Come in\r\n"
                : "530 Not you\r\n";
        }
        elsif ($verb eq 'PWD') { print {$client} "257 \"/\" is here\r\n" }
        elsif ($verb eq 'CWD') {
            $folder = "/$arg";
            print {$client} $arg eq 'out' ? "250 Yes\r\n" : "550 No\r\n";
        }
        elsif ($verb eq 'TYPE') { print {$client} "200 Yes\r\n" }
        elsif ($verb eq 'EPSV') { data_port($client, \$data) }
        elsif ($verb eq 'SIZE') {
            my $has = exists $files{$path};
            print {$client} $has ? '213 ' . length($files{$path}) . "\r\n"
                : "550 No such file\r\n";
        }
        elsif ($verb eq 'RETR' && !exists $files{$path}) {
            print {$client} "550 No such file\r\n";
        }
        elsif ($verb eq 'RETR') {
            my $len = length $files{$path};
            send_data($client, $data, $files{$path},
                $path =~ /cut/ ? $len / 2 : $len);
        }
        elsif ($verb eq 'NLST') {
            my $names = "empty.csv\r\nlines.csv\r\n";
            send_data($client, $data, $names, length $names);
        }
        elsif ($verb eq 'QUIT') {
            sleep 100 if $user eq 'mute';
            print {$client} "221 Bye\r\n";
            return;
        }
        else { print {$client} "502 What?\r\n" }
    }
}

# Calls a function for each connection, in a process of its own; its port.
my @servers;

sub serve {
    my ($session) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
        Listen => 16) or die "no server: $!\n";
    my $pid = fork // die "fork: $!\n";
    if ($pid) {
        push @servers, $pid;
        return $listener->sockport;
    }
    POSIX::setpgid(0, 0);
    $SIG{CHLD} = $SIG{PIPE} = 'IGNORE';
    while (1) {
        my $client = $listener->accept or next;
        next if fork;
        $client->autoflush(1);
        $session->($client);
        POSIX::_exit(0);
    }
}

# What a script prints; `url` is the server's, `folder` this test's.
sub prints {
    my ($url, $script) = @_;
    my $path = folder() . '/script.lua';
    spill($path, "local url, folder = ...\n$script");
    my ($code, $out, $err) =
        omnitron('run', '--mock', $path, $url, folder());
    my $all = $code == 0 ? $out : "$out$err";
    $all =~ s/127\.0\.0\.1:\d+/HOST/g;
    return $all;
}

my $ftp = 'ftp://127.0.0.1:' . serve(\&session);
my $basic = 'basic = { "eva", "pass word" }';

is(prints($ftp, <<"END"), "true\t200\ttrue\n", 'a file by ftp');
local reply = assert(http.get(url .. "/out/lines.csv", { $basic }))
print(#reply.body == ${\length $lines}, reply.status,
  reply.body:sub(-11) == "line 50000\\n")
END
is(prints($ftp, <<"END"), "50000\tline 50000\n", 'its lines');
local n, last = 0
for line in http.lines(url .. "/out/lines.csv", { $basic }) do
  n, last = n + 1, line
end
print(n, last)
END
is(prints($ftp, <<"END"), "0\t0\n", 'one that is empty');
local n = 0
for _ in http.lines(url .. "/out/empty.csv", { $basic }) do
  n = n + 1
end
print(n, #http.get(url .. "/out/empty.csv", { $basic }).body)
END
is(prints($ftp, <<"END"), "true\n", 'a server that does not say goodbye');
local before = os.time()
assert(http.get(url .. "/out/lines.csv", { basic = "mute:pass word" }))
print(os.time() - before < 20)
END
is(prints($ftp, <<"END"), "empty.csv lines.csv .\n", 'the names in a folder');
for name in http.lines(url .. "/out/", { $basic }) do
  io.write(name, " ")
end
print(".")
END
is(prints($ftp, <<"END"), "true\n", 'a file into a file');
local path = folder .. "/kept.csv"
assert(http.get(url .. "/out/lines.csv", { $basic, save_to = path }))
print(#io.open(path):read("a") == ${\length $lines})
END
is(prints($ftp, <<"END"), "nil\tstatus\t404\n", 'one that is not there');
local reply, message, kind, refused =
  http.get(url .. "/out/none.csv", { $basic })
print(reply, kind, refused.status)
END
like(prints($ftp, <<'END'), qr/^status\t401\tGET ftp:\/\/HOST\/x: \S/,
local _, message, kind, refused = http.get(url .. "/x", { basic = "eva:no" })
print(kind, refused.status, message)
END
    'a wrong password');
like(prints($ftp, <<"END"), qr/^nil\treset\t.*\(2 tries\)\nno file\n$/,
local reply, message, kind = http.get(url .. "/out/cut.csv",
  { $basic, tries = 2, save_to = folder .. "/cut.csv" })
print(reply, kind, message)
print(io.open(folder .. "/cut.csv") and "a file" or "no file")
END
    'one that is cut');
is(prints($ftp, <<"END"), "line 1\n", 'a client of one server');
local erp = http.client { base_url = url .. "/out", $basic }
print(erp.get("lines.csv").body:match("^[^\\n]*"))
END
for my $case (
    ['http.post(url)', 'http.post: ftp:// is for get and lines'],
    ['http.get(url, { query = { a = 1 } })',
        'http.get: query is not for ftp://'],
    ['http.get(url, { headers = {} })', 'http.get: headers is not for ftp://'],
    ['http.get(url .. "/?a")',
        'http.get: the URL must have no query: ftp:// knows none'],
    ['http.get((url:gsub("//", "//eva:x@")))', 'http.get: the URL must not '
        . 'have a user or a password in it (use the option basic)'],
    ['http.client { base_url = url, bearer = "x" }.get("/a")',
        'client.get: bearer is not for ftp://'],
) {
    my ($call, $words) = @$case;
    is(prints($ftp, "print(select(2, pcall(function()\n$call\nend)))"),
        "script.lua:3: bad argument to $words\n", $words);
}

my ($sshd) = grep { -x } map { "$_/sshd" } split(/:/, $ENV{PATH}),
    '/usr/sbin', '/usr/local/sbin';
my ($keygen) = grep { -x } map { "$_/ssh-keygen" } split /:/, $ENV{PATH};

# As root, sshd would want a user and a folder of its own: it runs as nobody.
my ($user, $uid) = ($< ? getpwuid $< : getpwnam "nobody")[0, 2];

sub become_user {
    return if $< == $uid;
    POSIX::setgid((getpwuid $uid)[3]);
    POSIX::setuid($uid);
}

SKIP: {
    skip 'no sshd here', 1 if !$sshd || !$keygen || !$user;
    my $at = abs_path(folder());
    for my $name (qw(host user)) {
        system($keygen, '-q', '-t', 'ecdsa', '-m', 'PEM', '-N', '', '-f',
            "$at/$name") == 0 or die "no key\n";
        chmod 0644, "$at/$name.pub";
    }
    spill("$at/sshd.conf", <<"END");
HostKey $at/host
AuthorizedKeysFile $at/user.pub
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM yes
StrictModes no
PidFile none
Subsystem sftp internal-sftp
END
    mkdir "$at/out";
    spill("$at/out/lines.csv", $lines);
    my $port = serve(sub {
        my ($client) = @_;
        open STDIN, '<&', $client;
        open STDOUT, '>&', $client;
        become_user();
        exec $sshd, '-i', '-f', "$at/sshd.conf";
    });
    spill("$at/known", "[127.0.0.1]:$port " . slurp("$at/host.pub"));
    spill("$at/strange", "[127.0.0.1]:$port " . slurp("$at/user.pub"));
    spill("$at/nobody", '');
    chmod 0711, $at;
    chown $uid, -1, "$at/host";
    my $sftp = "sftp://127.0.0.1:$port";
    my $key = "basic = { '$user', '' }, client_key = folder .. '/user'";
    my $known = "known_hosts = folder .. '/known'";
    is(prints($sftp, <<"END"), "true\t200\n", 'a file by sftp');
local reply = assert(http.get(url .. folder .. "/out/lines.csv",
  { $key, $known }))
print(#reply.body == ${\length $lines}, reply.status)
END
    is(prints($sftp, <<"END"), "50000\n", 'its lines');
local n = 0
for line in http.lines(url .. folder .. "/out/lines.csv", { $key, $known }) do
  n = n + 1
end
print(n)
END
    like(prints($sftp, <<"END"), qr/^lines\.csv$/m, 'the names in a folder');
print(http.get(url .. folder .. "/out/", { $key, $known }).body)
END
    is(prints($sftp, <<"END"), "status\t404\n", 'one that is not there');
local _, _, kind, refused = http.get(url .. folder .. "/x", { $key, $known })
print(kind, refused.status)
END
    for my $who (qw(strange nobody missing)) {
        like(prints($sftp, <<"END"), qr/^tls\tGET .*known_hosts\)$/m,
local _, message, kind = http.get(url .. folder .. "/out/lines.csv",
  { $key, known_hosts = folder .. "/$who" })
print(kind, message)
END
            "a host that is $who to known_hosts is refused");
    }
    is(prints($sftp, <<"END"), "status\t401\n", 'a password that is wrong');
local _, _, kind, refused = http.get(url .. folder .. "/x",
  { basic = { "$user", "x" }, $known })
print(kind, refused.status)
END
}

kill 'TERM', map { -$_ } @servers;
waitpid $_, 0 for @servers;
done_testing;
