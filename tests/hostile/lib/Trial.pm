# Trial.pm: one case: a folder, a mock, a recorder, the command, and what must
# hold afterwards. It runs in a process of its own, and returns what is wrong.
package Trial;

use strict;
use warnings;

use Case ();
use Exporter 'import';
use File::Find ();
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Recorder qw(start_recorder stop_recorder watch_group recorded);
use Rig;
use Search qw(forms_in forms_in_chunks);
use Text::ParseWords 'shellwords';
use Time::HiRes qw(time sleep);

our @EXPORT_OK = qw(try_case skip_of);

my $program = $ENV{OMNITRON};
my %WITH_SCRIPT = map { $_ => 1 } qw(run plan check cron test);

use constant BOUND => 60;          # seconds
use constant SEARCHED => 16 << 20; # bytes of one file that are searched

# Whether a case may have names and a network of its own: lib/names.sh.
my $names;
sub has_names {
    $names //= $> == 0 && system('unshare -nm --pid --fork --kill-child '
        . '--mount-proc mount --bind /etc/hosts /etc/hosts 2>/dev/null') == 0;
    return $names;
}

# Why it cannot be tried here; undef: it can.
sub skip_of {
    my ($case) = @_;
    my %has = (root => sub { $> == 0 }, asan => sub { is_asan() },
        plain => sub { !is_asan() }, netns => \&has_names);
    for my $need (split ' ', $case->{needs} // '') {
        return "$case->{name} needs $need" if !$has{$need}->();
    }
    return undef;
}

sub random_token {
    my @letters = ('a' .. 'z', 'A' .. 'Z', 0 .. 9);
    open my $random, '<:raw', '/dev/urandom' or die "urandom: $!\n";
    read $random, my $bytes, 64;
    return join '', map { $letters[$_ % @letters] } unpack 'C*', $bytes;
}

# A process in a group, its output in files.
sub start {
    my ($t, $name, $group, @command) = @_;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        setpgrp 0, $group // 0;
        $SIG{$_} = 'DEFAULT' for qw(ALRM TERM INT PIPE);
        chdir $t->{acme};
        $ENV{PWD} = $t->{acme};
        open STDIN, '<', $t->{stdin} // '/dev/null';
        open STDOUT, '>>', "$t->{at}/$name.out";
        open STDERR, '>>', "$t->{at}/$name.err";
        { exec { $command[0] } @command }
        POSIX::_exit(127);
    }
    setpgrp $pid, $group // $pid;
    watch_group($t->{recorder}, $group // $pid);
    return $pid;
}

# The exit code, -signal, or undef: it had to be killed.
sub wait_for {
    my ($pid, $seconds) = @_;
    my $end = time + $seconds;
    for (my $pause = 0.002; ; $pause *= 1.5) {
        if (waitpid($pid, POSIX::WNOHANG()) == $pid) {
            return $? & 127 ? -($? & 127) : $? >> 8;
        }
        return undef if time > $end;
        sleep($pause < 0.05 ? $pause : 0.05);
    }
}

sub end_group {
    my ($pid) = @_;
    kill 'KILL', -$pid;
    waitpid $pid, 0;
}

sub start_host {
    my ($t) = @_;
    my $pid = start($t, 'mock', undef, $program, 'mock', '--token',
        $t->{token}, '--items', '1-99999');
    my $url;
    wait_until(sub {
        ($url) = (slurp("$t->{at}/mock.out") // '')
            =~ m{^(http://127\.0\.0\.1:\d+)\n};
        return $url || waitpid($pid, POSIX::WNOHANG()) == $pid;
    });
    die 'no mock: ' . slurp("$t->{at}/mock.err") . "\n" if !$url;
    $t->{mock} = $pid;
    return $url;
}

sub write_profile {
    my ($t) = @_;
    my $case = $t->{case};
    my $role = $case->{role} // ($case->{kind} eq 'host' ? 'host' : 'none');
    my $evil = $t->{env}{EVIL};
    my %by_role = (none => ["url = \"$t->{env}{MOCK}\""],
        host => ["url = \"$evil\""],
        https => ["url = \"$evil\"" =~ s/http:/https:/r],
        proxy => ["url = \"https://127.0.0.1:1\"", "proxy = \"$evil\""]);
    my @quick = $case->{kind} eq 'host'
        ? ('timeout = 1', 'connect_timeout = 1', 'tries = 2') : ();
    my @lines = map {s/,\s*\z//r} @{ $by_role{$role} },
        'token_file = "token"', @quick, map { expand($t, $_) }
        @{ $case->{profile} // [] };
    spill("$t->{acme}/profile.lua",
        join "\n", 'return {', (map {"  $_,"} @lines), "}\n");
}

sub prepare {
    my ($t, $journal) = @_;
    mkdir $_ or die "$_: $!\n"
        for $t->{at}, $t->{acme}, "$t->{at}/home";
    spill("$t->{acme}/token", "$t->{token}\n", 0600);
    spill("$t->{acme}/journal.db", slurp($journal), 0600);
    spill("$t->{acme}/lines.csv", join '', "item;erp_doc;erp_line;stock\n",
        map {"$_;SO-$_;10;own\n"} 1 .. $t->{case}{rows} // 3);
}

sub expand {
    my ($t, $text) = @_;
    $text =~ s/\$(\w+)/$t->{env}{$1} \/\/ "\$$1"/ge;
    return $text;
}

# The words of the command, and what it reads.
sub command_of {
    my ($t) = @_;
    my $case = $t->{case};
    my $command = $case->{command} // 'run';
    return ('sh', "$t->{acme}/case.sh") if $case->{kind} eq 'sh';
    my $script = $command eq 'test' ? 'case_test.lua' : 'case.lua';
    my @args = defined $case->{args}
        ? map { expand($t, $_) } shellwords($case->{args})
        : $WITH_SCRIPT{$command} && $command ne 'test'
        ? @{ $t->{env} }{qw(EVIL MOCK)} : ();
    $t->{stdin} = "$t->{acme}/case.lua" if $command eq 'repl';
    return ($program, shellwords($command),
        (map { expand($t, $_) } shellwords($case->{options} // '')),
        $WITH_SCRIPT{$command} ? $script : (), @args);
}

sub place_script {
    my ($t) = @_;
    my $case = $t->{case};
    my $name = ($case->{command} // '') eq 'test' ? 'case_test' : 'case';
    my $text = $case->{kind} eq 'host'
        ? slurp("$t->{folder}/lib/standard.lua") : $case->{text};
    spill("$t->{acme}/$name." . ($case->{kind} eq 'sh' ? 'sh' : 'lua'), $text);
}

# Lines of the shell, each of which has to go well.
sub shell {
    my ($t, $what) = @_;
    for my $line (@{ $t->{case}{$what} // [] }) {
        my $pid = start($t, $what, undef, 'sh', '-c', $line);
        my $code = wait_for($pid, BOUND);
        wrong($t, "$what: \"$line\": exit " . ($code // 'never')
            . "\n" . slurp("$t->{at}/$what.err")) if ($code // 1) != 0;
        end_group($pid) if !defined $code;
    }
}

sub wrong {
    my ($t, $text) = @_;
    push @{ $t->{wrong} }, $text;
}

sub send_signal {
    my ($t, $pid) = @_;
    my ($name, $seconds) = split ' ', $t->{case}{signal};
    my $code = wait_for($pid, $seconds);
    return $code if defined $code;
    kill $name, $pid;
    return undef;
}

sub run_command {
    my ($t) = @_;
    my $pid = start($t, 'run', undef, command_of($t));
    my $begun = time;
    my $bound = $t->{case}{bound} // BOUND;
    my $code = defined $t->{case}{signal} ? send_signal($t, $pid) : undef;
    $code //= wait_for($pid, $bound);
    $t->{seconds} = time - $begun;
    defined $code ? kill('KILL', -$pid) : end_group($pid);
    $t->{code} = $code;
    $t->{said} = join '', map { slurp("$t->{at}/run.$_") // '' } qw(out err);
}

sub shown_end {
    my ($t) = @_;
    my $text = $t->{said};
    $text = '... ' . substr $text, -1500 if length $text > 1500;
    return $text =~ s/[^\n\x20-\x7E]/?/gr;
}

sub judge_exit {
    my ($t) = @_;
    my ($case, $code) = @$t{qw(case code)};
    my $bound = $case->{bound} // BOUND;
    return wrong($t, "it had not ended after $bound s\n" . shown_end($t))
        if !defined $code;
    my $want = $case->{exit} // ($case->{kind} eq 'sh' ? '0'
        : '0 1 2 3 4 5 6 7 10 130 143');
    wrong($t, "exit $code, not $want\n" . shown_end($t))
        if !grep { $_ == $code } split ' ', $want;
}

sub judge_words {
    my ($t) = @_;
    my ($case, $said) = @$t{qw(case said)};
    for my $says (@{ $case->{says} // [] }) {
        wrong($t, "it does not say /$says/\n" . shown_end($t))
            if $said !~ /$says/m;
    }
    for my $never (@{ $case->{never} // [] }) {
        wrong($t, "it says /$never/: \"$&\"\n" . shown_end($t))
            if $said =~ /$never/m;
    }
    my $words = 'ERROR: \w*Sanitizer|runtime error: |LeakSanitizer';
    my @all = map { slurp($_) // '' } glob "$t->{at}/*.err $t->{at}/*.out";
    wrong($t, "a sanitizer speaks\n$1") if "@all" =~ /((?:$words).{0,3000})/s;
}

sub ledger_text {
    my ($t) = @_;
    my ($port) = $t->{env}{MOCK} =~ /(\d+)\z/;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port")
        or return undef;
    print {$socket} "GET /__mock__/ledger HTTP/1.0\r\n\r\n";
    local $/;
    return (split /\r\n\r\n/, <$socket> // '', 2)[1];
}

sub fits_count {
    my ($count, $want) = @_;
    return $want =~ /^<=\s*(\d+)/ ? $count <= $1 : $count == $want;
}

sub judge_ledger {
    my ($t) = @_;
    my $text = ledger_text($t) // return wrong($t, 'the mock is gone');
    my $items = eval { decode_json($text) };
    return wrong($t, "the ledger: $text") if ref $items ne 'ARRAY';
    my $sent = 0;
    my %again = map { $_ => 1 } split ' ', $t->{case}{again} // '';
    for my $item (@$items) {
        my ($id, $n) = ($item->{order_item_id}, scalar @{ $item->{received} });
        $sent += $n;
        wrong($t, "item $id went $n times\n" . shown_end($t))
            if $n > 1 && !$again{$id};
    }
    my $want = $t->{case}{sent} // return;
    wrong($t, "$sent were sent, not $want\n" . shown_end($t))
        if !fits_count($sent, $want);
}

# Of a host of its own: what was made of its answer, and how often it got one.
sub judge_release {
    my ($t) = @_;
    my $case = $t->{case};
    my ($code, $out, $err) = omnitron('journal', 'list', '--json',
        '--profile', "$t->{acme}/profile.lua");
    my ($state) = $out =~ /"state":"(\w+)"/;
    my $want = $case->{released} // 'none unknown pending rejected';
    $state //= 'none';
    wrong($t, "the release is $state, not $want\n" . shown_end($t))
        if !grep { $_ eq $state } split ' ', $want;
    my $bodies = grep {m{^POST \S+/create_mapping/}}
        map { @{ $_->{requests} } } recorded($t->{recorder}, 'evil');
    wrong($t, "$bodies bodies of one release\n" . shown_end($t))
        if !fits_count($bodies, $case->{bodies} // '<=1');
}

# Where the token may be: in its header, on its way to its host.
sub without_its_header {
    my ($t, $request) = @_;
    my $role = $t->{case}{role} // ($t->{case}{kind} eq 'host' ? 'host' : '');
    return $request if $role ne 'host' || $request !~ m{^\S+ /api/};
    return $request =~ s/^Authorization: Token $t->{token}\r\n//mir;
}

sub search_sent {
    my ($t) = @_;
    for my $to (qw(evil other)) {
        my @connections = recorded($t->{recorder}, $to);
        my @requests = map { $to eq 'evil' ? without_its_header($t, $_) : $_ }
            map { @{ $_->{requests} } } @connections;
        my @found = (forms_in(join("\n", @requests), $t->{token}),
            @requests < 2000 ? forms_in_chunks($t->{token}, @requests) : ());
        wrong($t, 'the token went to $' . uc($to) . ": @found\n"
            . substr(join('', @requests), 0, 2000)) if @found;
    }
}

# The beginning and the end of a large one.
sub text_to_search {
    my ($path) = @_;
    open my $file, '<:raw', $path or return '';
    read $file, my $text, SEARCHED;
    if (-s $file > SEARCHED) {
        seek $file, -1 << 20, 2;
        read $file, my $end, 1 << 20;
        $text .= $end;
    }
    return $text;
}

sub search_files {
    my ($t) = @_;
    my %is_its_own = map { $_ => 1 } "$t->{acme}/token",
        $t->{recorder}{at};
    my @files;
    File::Find::find({ no_chdir => 1, wanted => sub {
        $File::Find::prune = 1 if $is_its_own{$_};
        push @files, $_ if !$is_its_own{$_} && !-l $_ && -f _;
    } }, $t->{at});
    for my $path (@files) {
        my @found = forms_in(text_to_search($path), $t->{token});
        my $name = substr $path, 1 + length $t->{at};
        wrong($t, "the token is in $name: @found\n" . shown_end($t)) if @found;
    }
}

sub judge {
    my ($t) = @_;
    judge_exit($t);
    judge_words($t);
    $t->{case}{kind} eq 'host' ? judge_release($t) : judge_ledger($t);
    search_sent($t);
    search_files($t);
}

sub answer_of {
    my ($case) = @_;
    return undef if $case->{kind} ne 'host';
    my %answer = map { $_ => $case->{$_} }
        grep { defined $case->{$_} } qw(times then asked before slow);
    $answer{for} = qr/$case->{for}/ if defined $case->{for};
    return { %answer, text => $case->{answer} };
}

sub set_environment {
    my ($t) = @_;
    my $env = $t->{env};
    $env->{MOCK} = $t->{case}{kind} eq 'host' ? $env->{EVIL} : start_host($t);
    $env->{OMNITRON} = $program;
    $env->{CASES} = $t->{folder};
    $env->{RECORDED} = $t->{recorder}{at};
    $env->{HOME} = "$t->{at}/home";
    delete @ENV{qw(XDG_STATE_HOME XDG_CONFIG_HOME)};
    $ENV{$_} = $env->{$_} for keys %$env;
}

sub whole {
    my ($t) = @_;
    set_environment($t);
    write_profile($t);
    place_script($t);
    shell($t, 'setup');
    run_command($t);
    shell($t, 'after');
    judge($t);
}

# What is wrong, a list of texts. `at`: where its folder will be; `folder`:
# that of the cases; `journal`: an empty one.
sub try_case {
    my ($case, $at, $folder, $journal) = @_;
    my $t = { case => $case, at => $at, acme => "$at/acme", wrong => [],
        token => random_token(), folder => $folder };
    prepare($t, $journal);
    my $recorder = start_recorder("$at/recorded", answer_of($case));
    $t->{recorder} = $recorder;
    $t->{env} = { map { $_ => $recorder->{$_} } qw(EVIL OTHER) };
    eval { whole($t); 1 } or wrong($t, "the runner: $@");
    end_group($t->{mock}) if $t->{mock};
    stop_recorder($recorder);
    return ($t->{wrong}, $t->{seconds});
}

1;
