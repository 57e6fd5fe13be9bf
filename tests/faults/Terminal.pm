# Terminal.pm: a terminal for the tests of what a person types and sees: one
# session of tmux at a time, with a server of the test's own.
package Terminal;

use strict;
use warnings;

use Exporter 'import';
use POSIX ();
use Rig;
use Test::More;

our @EXPORT = qw(tmux open_terminal close_terminal screen screen_is);

my $socket = folder() . '/terminal';
my $top = $$;
my $server;
my @tmux = ('tmux', '-u', '-S', $socket, '-f', '/dev/null');

# Not as a daemon: it goes with its parent.
sub start_server {
    $server = fork // die "fork: $!\n";
    if (!$server) {
        open STDOUT, '>', '/dev/null';
        { exec @tmux, '-D' }
        POSIX::_exit(127);
    }
    wait_until(sub { -e $socket }) or die "no tmux\n";
}

# What it answers.
sub tmux {
    my $pid = open my $out, '-|', @tmux, @_
        or die "cannot start tmux: $!\n";
    local $/;
    my $text = <$out> // '';
    close $out;
    return $text;
}

END {
    if ($$ == $top && $server) {
        local $?;
        kill 'TERM', $server;
        waitpid $server, 0;
    }
}

# A command of sh in a folder; when it has ended, its exit code stands on the
# screen.
sub open_terminal {
    my ($columns, $folder, $command) = @_;
    start_server() if !$server;
    tmux('new-session', '-d', '-x', $columns, '-y', 24,
        "cd $folder; $command; echo exit=\$?; exec sleep 600");
}

sub close_terminal {
    tmux('kill-session');
}

# What is on it, without the empty end, and without what a run says as root:
# the terminal breaks that anywhere.
sub screen {
    my $words = join '\n?', map { quotemeta } split //,
        'warn: this runs as root, so';
    return tmux('capture-pane', '-p') =~ s/\s+\z//r
        =~ s/^$words.*?\xE2\x80\xA6\n?\)\n//msr;
}

# Waits until it is as it should be; what is on it then, or in vain.
sub screen_is {
    my ($pattern) = @_;
    my $text;
    wait_until(sub { ($text = screen()) =~ $pattern }) or diag $text;
    return $text;
}

1;
