#!/usr/bin/perl
# Set-ups that are broken, as people break them. `doctor` and `run` each name
# the cause in one line, with the way out, end with the code that goes with it
# and send nothing; doctor says the same of a good one in its own way.
use strict;
use warnings;
use Fcntl ':flock';
use FindBin;
use lib $FindBin::Bin;
use IO::Handle;
use IO::Socket::INET;
use Rig;
use Test::More;
use Tls;

# What this machine has set is no part of a set-up.
delete @ENV{grep {/proxy$|^SSL_|^CURL_|^LUA_|^OMNITRON_|^CREDENTIALS_/i
        && $_ ne 'OMNITRON' } keys %ENV};
$ENV{LC_ALL} = 'C.UTF-8';
$ENV{TERM} = 'dumb';    # a person looks on, so a lock that is held is news

chdir folder() or die "chdir: $!\n";
my ($top, @pids) = ($$);
my $script = <<'LUA';
return function(row) return { order_item_id = row.item, code = row.code } end
LUA

END {
    if ($$ == $top) {
        local $?;
        kill 'KILL', @pids;
    }
}

# A customer who is ready to go.
sub acme {
    my ($name, $url, @lines) = @_;
    customer($name, 'mock', qq(url = "$url"), 'token_file = "token"',
        'connect_timeout = 2', @lines);
    spill("$name/release.lua", $script);
    spill("$name/lines.csv", "item;code\n101;SO-1/10\n");
    return $name;
}

# The lines of doctor as they were before they were broken for 80 columns.
sub unbroken {
    my ($text) = @_;
    $text =~ s/\n +/ /g;
    return split /\n/, $text;
}

sub is_said {
    my ($title, $pattern, @lines) = @_;
    is(scalar(grep { $_ =~ $pattern } @lines), 1, "$title, in one line")
        or diag(join "\n", @lines, '');
}

sub doctor_says {
    my ($title, $acme, $code, $pattern, @before) = @_;
    my ($exit, $out, $err) = finish(spawn('doctor', @before,
        $ENV{OMNITRON}, 'doctor', $acme));
    is($exit, $code, "$title: doctor's exit $code") or diag($out, $err);
    is($err, '', "$title: doctor has nothing on stderr");
    is_said("$title: doctor says it", $pattern, unbroken($out));
    unlike($out, qr/^(?! {23}).{81}/m, "$title: doctor has 80 columns");
    like($out, qr/Nothing was released\.\n\z/, "$title: doctor's last words");
    like($out, $code ? qr/^not ready/m : qr/^ready/m, "$title: the verdict");
    return $out;
}

sub run_says {
    my ($title, $acme, $code, $pattern, @before) = @_;
    my ($exit, $out, $err) = finish(spawn('run', @before, $ENV{OMNITRON},
        'run', "$acme/release.lua", "$acme/lines.csv"));
    is($exit, $code, "$title: run's exit $code") or diag($out, $err);
    (my $said = $err) =~ s/\n(?!\z)/ /g;
    is_said("$title: run says it", $pattern, $said);
}

sub both_say {
    my ($title, $acme, $code, $doctor, $run, @before) = @_;
    doctor_says($title, $acme, $code, $doctor, @before);
    run_says($title, $acme, $code, $run // $doctor, @before);
}

my $mock = start_mock('--items', '1-999999');
my $url = $mock->{url};
my $host = $url =~ s{^http://}{}r;

# --- a good one

{
    my $acme = acme('good', $url);
    my $out = doctor_says('good', $acme, 0,
        qr/^ok    token          from \S+\/token, mode 0600, accepted$/);
    my @said = unbroken($out);
    is_said('its host', qr/^ok    profile\.lua    \Q$host\E, prefix i1$/,
        @said);
    is_said('its network', qr/^ok    network .*clock right$/, @said);
    is_said('its first look',
        qr{^ok    first look +GET /api/i1/orders/\?limit=1 answered 200 in },
        @said);
    is_said('its journal', qr/^ok    journal\.db +0 rows, [\d.]+ [MGT]B free$/,
        @said);
    is_said('its scripts', qr/^ok    scripts +2 compile$/, @said);
    is_said('nobody tried',
        qr{^look  unknown .*omnitron doctor good --repeat ITEM CODE --yes},
        @said);
    is_deeply(ledger($mock), {}, 'nothing was sent');
    is(-s "$acme/journal.db-wal", undef, 'and nothing written');
    ok(!-e "$acme/journal.db.lock", 'not even a lock');

    is((omnitron('doctor', $acme, '--repeat', 46761, 'TEST/1', '--yes'))[0],
        0, 'somebody tries');
    doctor_says('tried', $acme, 0,
        qr/^ok    unknown .*tried on \d{4}-\d\d-\d\d: .*same mapping/);
    unlink "$acme/journal.db.notes" or die "unlink: $!\n";
    doctor_says('tried, and the notes are gone', $acme, 0,
        qr{^look  unknown .*tried on \d{4}-.*journal show --profile good/});
    is((omnitron('journal', 'verify', $acme))[0], 0, 'verify');
    run_says('good', $acme, 0, qr/^\z|1 released/);
    doctor_says('after a run', $acme, 0, qr/^ok    journal\.db +2 rows/);
}

{
    my $acme = acme('resend', $url, 'when_unknown = "resend"');
    my $other = start_mock('--items', '1-999999', '--repeat', 'accept',
        '--port', 0);
    doctor_says('resend, untried', $acme, 0,
        qr/^look  unknown .*nothing says that when_unknown = "resend"/);
    spill("$acme/profile.lua", slurp("$acme/profile.lua")
            =~ s/\Q$url\E/$other->{url}/r);
    omnitron('doctor', $acme, '--repeat', 46761, 'TEST/1', '--yes');
    doctor_says('resend, and it makes a second', $acme, 0,
        qr/^look  unknown .*second mapping.*may release twice: write "hold"/);
    ok(stop_mock($other), 'the mock ends well');
}

# --- the token

{
    my $acme = acme('mode', $url);
    chmod 0644, "$acme/token";
    my $says = qr/token has mode 0644.*: chmod 600 \S+\/token/;
    both_say('token mode 0644', $acme, 2, qr/^bad   token .*$says/, $says);
    doctor_says('token mode 0644, all the same', $acme, 2,
        qr/^ok    first look +GET \S+ without a token answered 401/);
    spill("$acme/token", "not-the-token\n", 0600);
    $says = qr{refused (?:the token|it) \(401.*valid (?:one|token) into \S+/token};
    both_say('another token', $acme, 6, qr/^bad   token .*$says/, $says);
    unlike((omnitron('doctor', $acme))[1], qr/not-the-token/,
        'the token is not shown');
    unlink "$acme/token";
    $says = qr/token is missing: put the API token into it, then chmod 600/;
    both_say('no token', $acme, 2, qr/^bad   token .*$says/, $says);
}

{
    my @user = ('username = "mock"', 'password_file = "password"');
    my $its = start_mock('--password', 'open-sesame', '--token',
        'a-token-of-its-own');
    customer('user', undef, qq(url = "$its->{url}"), @user);
    my $acme = 'user';
    spill("$acme/release.lua", $script);
    spill("$acme/password", "open-sesame\n", 0600);
    doctor_says('a user', $acme, 0,
        qr/^ok    log-in +127\S+ is logged in as mock$/);
    spill("$acme/password", "wrong\n", 0600);
    doctor_says('a wrong password', $acme, 6,
        qr{^bad   log-in .*or the password \(400.*into user/password});
    omnitron('doctor', $acme);
    doctor_says('too many log-ins', $acme, 0,
        qr/^look  log-in .*3 within 6 minutes.*Look again at \d{4}-/);
    is(requests($its)->{'POST auth/login/'}, 3, 'three are three');
    ok(stop_mock($its), 'the mock ends well');
}

# --- the host

{
    my $no_name = 'acme.omnitron.invalid';
    my $acme = acme('no_name', "https://$no_name");
    both_say('a name that DNS does not know', $acme, 5,
        qr{^bad\s+network\s+no\sDNS\sserver\sknows\s$no_name\s.*
            Look\sat\surl\sin\s\S+/profile\.lua.*getent\shosts\s$no_name}x,
        qr{does\snot\sanswer\s\(the\sname\sis\snot\sknown\).*
            Look\sat\surl\sin\s\S+/profile\.lua.*this\smachine's\sDNS}x);
    $acme = acme('no_proxy', 'https://acme.omnitron.net',
        'proxy = "http://proxy.invalid:3128"');
    both_say('a proxy that DNS does not know', $acme, 5,
        qr/^bad   network .*no DNS server knows the host or the proxy/,
        qr/the proxy's name is not known\).*Look at url and proxy in/);
}

my %outages = (
    'login-page' => [6, qr/200 an HTML page/],
    redirect => [6, qr{sends requests elsewhere.*30\d \S[^)]* to [^?]+\)}],
    '502-html' => [5, qr/does not answer \(502 Bad Gateway\)/],
    404 => [6, qr/404 Not Found/],
);

for my $kind (sort keys %outages) {
    my ($code, $says) = @{ $outages{$kind} };
    my $down = start_mock('--outage', $kind);
    my $acme = acme("outage_$kind", $down->{url});
    my $way = $code == 6 ? qr/Look at url|look at url/ : qr/./;
    both_say("a host that is none, $kind", $acme, $code,
        qr/^bad   first look .*$says.*$way/, qr/$says.*$way/);
    is_deeply([grep {/POST/} keys %{ requests($down) }], [],
        "$kind: nothing was sent");
    ok(stop_mock($down), "$kind: the mock ends well");
}

# An Omnitron that has only v1.
sub serve_v1 {
    my ($listener) = @_;
    while (my $client = $listener->accept) {
        my $head = '';
        $head .= $_ while defined($_ = <$client>) && !/^\r\n$/;
        my ($status, $type, $body) = $head =~ m{^GET /api/v1/}
            ? ('200 OK', 'application/json', '{"count":0,"results":[]}')
            : ('404 Not Found', 'text/html', '<h1>Not Found</h1>');
        print {$client} "HTTP/1.1 $status\r\nContent-Type: $type\r\n",
            'Content-Length: ', length $body,
            "\r\nConnection: close\r\n\r\n$body";
        close $client;
    }
}

sub listener {
    return IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 16)
        // die "no port: $!\n";
}

{
    my $listener = listener();
    my $at = 'http://127.0.0.1:' . $listener->sockport;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        serve_v1($listener);
        require POSIX;
        POSIX::_exit(0);
    }
    push @pids, $pid;
    both_say('a wrong prefix', acme('prefix', $at), 6,
        qr{^bad   prefix .*\(404.*write prefix = "v1" in \S+/profile\.lua},
        qr{does not know the API .*404 Not Found.*Look at url and prefix in});
    my $acme = acme('prefix_v1', $at, 'prefix = "v1"');
    doctor_says('the right prefix', $acme, 0,
        qr{^ok    first look +GET /api/v1/orders/\?limit=1 answered 200});
}

# --- proxies

{
    my $closed = listener();
    my $port = $closed->sockport;
    close $closed;
    my $acme = acme('firewall', "http://127.0.0.1:$port");
    both_say('nobody listens', $acme, 5,
        qr/^bad   network .*no connection to 127\.0\.0\.1:$port.*firewall/,
        qr/does not answer \(nobody listens there.*You need to do nothing\./);
    local $ENV{https_proxy} = 'http://user:hidden@127.0.0.1:9';
    both_say('and a proxy is set', $acme, 5,
        qr/^bad   network .*https_proxy is set and not used: write proxy/,
        qr/https_proxy is set and not used.*write proxy = env "https_proxy"/);
    unlike((omnitron('doctor', $acme))[1], qr/hidden/, 'its value is secret');
}

{
    local @ENV{qw(HTTP_PROXY SSL_CERT_FILE CURL_CA_BUNDLE LUA_PATH
        OMNITRON_URL OMNITRON_TOKEN SSLKEYLOGFILE)} = ('x') x 7;
    my $out = doctor_says('an environment', acme('environment', $url), 0,
        qr/^look  environment +set and not used: HTTP_PROXY \(name a proxy in/);
    like($out =~ s/\n +/ /gr, qr/\b$_\b/, "$_ is named")
        for qw(SSL_CERT_FILE CURL_CA_BUNDLE LUA_PATH OMNITRON_URL
        OMNITRON_TOKEN SSLKEYLOGFILE);
}

# --- certificates and clocks

certificates();
my $ca = 'ca_file = "' . authority('ca') . '"';

# The certificate, and what is said of it.
my @certificates = (
    ['old', 5, qr/expired on 2020-01-02.*clock is wrong: it says \d{4}-/,
        qr/expired.*clock says \d{4}-.*ca_file in \S+profile\.lua/],
    ['early', 5, qr/is good from 2098-01-01 on.*clock wrong\? It says \d{4}-/,
        qr/not yet valid.*This machine's clock says \d{4}-/],
    ['strange', 5, qr/cannot be trusted.*ca_file =/,
        qr/certificate.*ca_file in \S+profile\.lua/],
    ['other', 5, qr/cannot be trusted.*127\.0\.0\.1/,
        qr/does not answer \(.*127\.0\.0\.1.*certificate/],
);

for my $case (@certificates) {
    my ($name, $code, $doctor, $run) = @$case;
    both_say("a certificate, $name",
        acme("cert_$name", https_mock($name), $ca), $code,
        qr/^bad   network .*$doctor/, $run);
}

{
    my $good = https_mock('good', '--items', '1-999999');
    doctor_says('a good certificate', acme('tls', $good, $ca), 0,
        qr/^ok    network +TLS 1\.3, certificate good for (?:29|30) days, /);
    doctor_says('a certificate for five days',
        acme('soon', https_mock('soon'), $ca), 0,
        qr/^look  network .*good for [45] days only.*has to renew it/);

    my @hour = map { ['env', "LD_PRELOAD=$ENV{BUILD}/faults/clock.so",
        "CLOCK_SHIFT=$_"] } 3600, -3600, 180, 30;
    my $acme = acme('clock', $url);
    my $says = qr/clock is 60 min ahead of that of .*timedatectl set-ntp true/;
    doctor_says('an hour ahead', $acme, 6, qr/^bad   clock .*$says/,
        @{ $hour[0] });
    run_says('an hour ahead', $acme, 0, $says, @{ $hour[0] });
    spill("$acme/lines.csv", "item;code\n102;SO-1/20\n");
    run_says('an hour ahead, the same day', $acme, 0, qr/^(?!.*clock)/s,
        @{ $hour[0] });
    doctor_says('an hour behind', $acme, 6,
        qr/^bad   clock .*clock is 60 min behind that of/, @{ $hour[1] });
    doctor_says('three minutes ahead', $acme, 0,
        qr/^look  clock .*clock is 3 min ahead of that of/, @{ $hour[2] });
    doctor_says('half a minute ahead', $acme, 0,
        qr/^ok    clock +[23]\d\.\d s ahead of that of/, @{ $hour[3] });
}

# --- the journal and its disk

{
    my $acme = acme('foreign', $url);
    spill("$acme/journal.db", slurp('good/journal.db'), 0600);
    system 'sqlite3', "$acme/journal.db", 'DELETE FROM home';
    my $other = start_mock();
    spill("$acme/profile.lua", slurp("$acme/profile.lua")
            =~ s/\Q$url\E/$other->{url}/r);
    my $says = qr/belongs to \Q$url\E, not to \Q$other->{url}\E\. Each Omnitron/;
    both_say('a journal of another host', $acme, 2,
        qr/^bad   journal\.db .*$says/, $says);
    ok(stop_mock($other), 'the mock ends well');
}

{
    my $acme = acme('no_journal', $url);
    unlink "$acme/journal.db";
    my $says = qr/there is no journal at \S+\. .*omnitron journal new/;
    both_say('no journal', $acme, 2, qr/^bad   journal\.db .*$says/, $says);
    spill("$acme/journal.db", "item;code\n" x 500);
    $says = qr/is not a journal of omnitron.*Name the right one/;
    both_say('another file', $acme, 2, qr/^bad   journal\.db .*$says/, $says);
}

sub hold {
    my ($acme, $started) = @_;
    open my $lock, '+>', "$acme/journal.db.lock" or die "$acme: $!\n";
    flock $lock, LOCK_EX or die "flock: $!\n";
    print {$lock} "process $$\nstarted ${started}000\nscript slow.lua\n";
    $lock->flush;
    return $lock;
}

{
    my $acme = acme('held', $url);
    my $lock = hold($acme, time - 60);
    doctor_says('a run at work', $acme, 0,
        qr/^look  lock .*a run is at work since .*process $$, slow\.lua/);
    my $says = qr/the run that started at .*process $$, slow\.lua.* still holds/;
    run_says('a run at work', $acme, 11, $says);
    close $lock;
    $lock = hold($acme, time - 7200);
    doctor_says('a run that hangs', $acme, 11,
        qr/^bad   lock .*$says.*If it hangs, .*kill $$\z/);
    close $lock;
    unlike(doctor_says('nobody holds it', $acme, 0, qr/^ok    journal\.db/),
        qr/^\w+ +lock/m, 'a lock that nobody holds is no news');
}

SKIP: {
    my $at = mounted('small', '48m')
        or skip 'a disk to fill is made by mount, which needs root', 1;
    system('cp', '-a', acme('full', $url), "$at/acme") == 0 or die "cp\n";
    my $says = qr/only \d+ MiB are left on the journal's disk; it needs 64/;
    both_say('a full disk', "$at/acme", 7, qr/^bad   disk .*$says.*Free some/,
        qr/$says.*Free some space/);

    $at = mounted('readonly', '200m');
    system('cp', '-a', acme('rights', $url), "$at/acme") == 0 or die "cp\n";
    system('mount', '-o', 'remount,ro', $at) == 0 or die "remount\n";
    both_say('a disk that is read-only', "$at/acme", 2,
        qr/^bad   journal\.db .*Read-only file system.*this user's to write/,
        qr/Read-only file system.*this user's to write/);
}

# --- the script; and what only another user than root cannot read

{
    my $acme = acme('script', $url);
    unlink "$acme/release.lua";
    doctor_says('no script', $acme, 0,
        qr/^look  release\.lua +there is none in script/);
    run_says('no script', $acme, 2,
        qr/cannot open \S+release\.lua: No such file/);
    mkdir "$acme/release.lua" or die "mkdir: $!\n";
    both_say('a folder in its place', $acme, 2,
        qr/^bad   release\.lua +cannot read \S+release\.lua: it is not a file/,
        qr/\S+release\.lua is a folder: name a script in it/);
    rmdir "$acme/release.lua";
    spill("$acme/release.lua", "return function(row)\n  retrun row\nend\n");
    both_say('it does not compile', $acme, 1,
        qr/^bad   release\.lua +release\.lua:2: syntax error/,
        qr/release\.lua:2: syntax error/);
}

my @nobody = $> == 0
    ? ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups') : ();
my %rights = (
    'a script nobody may read' => [sub { chmod 0, "$_[0]/release.lua" },
        qr/^bad   release\.lua .*Permission denied.*chmod u\+r/,
        qr/cannot open \S+release\.lua: Permission denied/],
    'a journal nobody may write' => [sub { chmod 0444, "$_[0]/journal.db" },
        qr/^bad   journal\.db .*Permission denied.*this user's to write/,
        qr/this user's to write/],
    'a folder nobody may write' => [sub { chmod 0555, $_[0] },
        qr/^bad   journal\.db .*Permission denied.*this user's to write/,
        qr/this user's to write/],
);

SKIP: {
    chmod 0755, folder();
    skip 'nobody may not run the program here', 1
        if @nobody && system("@nobody test -x $ENV{OMNITRON}") != 0;
    my $n = 0;
    for my $title (sort keys %rights) {
        my ($spoil, $doctor, $run) = @{ $rights{$title} };
        my $acme = acme('nobody' . $n++, $url);
        $spoil->($acme);
        system 'chown', '-R', '65534:65534', $acme if @nobody;
        both_say($title, $acme, 2, $doctor, $run, @nobody);
    }
}

# --- usage

for my $case (
    ['a folder that is none', qr/there is no folder/, 'nowhere'],
    ['two folders', qr/doctor takes one folder/, '.', '.'],
    ['--yes alone', qr/--yes belongs to --repeat/, '--yes'],
) {
    my ($title, $says, @words) = @$case;
    my ($code, $out, $err) = omnitron('doctor', @words);
    is($code, 2, "$title: exit 2");
    like($err, $says, "$title: says so");
}
is(scalar keys %{ ledger($mock) }, 3, 'what was sent are the three that should');
ok(stop_mock($mock), 'the mock ends well');
done_testing;
