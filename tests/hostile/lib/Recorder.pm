# Recorder.pm: the server of one case, a process of its own. It keeps every
# byte that it is told, a file a connection, and answers as the case wants it.
# It is also the one who ends what a case has begun when whoever ran the case
# is gone: it outlives it, and kills the groups that it was told of.
package Recorder;

use strict;
use warnings;

use Compress::Zlib ();
use Exporter 'import';
use Fcntl;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Time::HiRes 'time';

our @EXPORT_OK = qw(start_recorder stop_recorder watch_group recorded);

my $json = JSON::PP->new->utf8->canonical;

# What is sent of an endless answer, so much at once.
use constant FLOOD => 65536;

sub listener {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
        Listen => 128) or die "no port for the recorder: $!\n";
    $socket->blocking(0);
    return $socket;
}

# One whole request at the beginning of the bytes: its length, or 0.
sub request_length {
    my ($bytes) = @_;
    $bytes =~ /\r?\n\r?\n/g or return 0;
    my $head = pos $bytes;
    my $text = substr $bytes, 0, $head;
    if ($text =~ /^transfer-encoding:.*chunked/mi) {
        return $bytes =~ /\G.*?(?:\A|\n)0\r\n\r\n/gs ? pos $bytes : 0;
    }
    my $length = $text =~ /^content-length:\s*(\d+)/mi ? $1 : 0;
    return length $bytes >= $head + $length ? $head + $length : 0;
}

sub response {
    my ($status, $value, @headers) = @_;
    my $text = $json->encode($value);
    return join "\r\n", "HTTP/1.1 $status OK",
        'Content-Type: application/json', @headers,
        'Content-Length: ' . length $text, '', $text;
}

sub mapping_of {
    my ($request) = @_;
    my ($item) = $request =~ m{order_items/(\d+)/create_mapping};
    my ($code) = $request =~ /"code"\s*:\s*"((?:[^"\\]|\\.)*)"/;
    return ($item, $code);
}

# What an Omnitron, or whoever it is, answers in order.
sub right_answer {
    my ($request) = @_;
    my ($item, $code) = mapping_of($request);
    if (defined $item && $request =~ /^POST/) {
        return response(201, { pk => 7, content_type => 66,
            object_id => 0 + $item, integration_type => 'external_company',
            code => $json->decode("[\"$code\"]")->[0] });
    }
    return response(200, { count => 0, next => undef, previous => undef,
        results => [], ok => JSON::PP::true, key => 'k' });
}

# What a case wrote, with $ITEM and the like, <<asked>> as a part of a text of
# JSON, <<N*TEXT>>, <<gzip N*TEXT>>.
sub expanded {
    my ($self, $text, $request) = @_;
    my ($item, $code) = mapping_of($request);
    my %value = (%{ $self->{urls} }, ITEM => $item // 1,
        CODE => $code // 'SO-1');
    $text =~ s/\$(ITEM|CODE|EVIL|OTHER)\b/$value{$1}/g;
    my $asked = $request =~ s/([\\"\r\n])/sprintf '\u%04x', ord $1/ger;
    $text =~ s/<<asked>>/$asked/g;
    $text =~ s/<<(gzip )?(\d+)\*(.*?)>>/
        $1 ? Compress::Zlib::memGzip($3 x $2) : $3 x $2/gse;
    return $text;
}

sub fits {
    my ($self, $request) = @_;
    my $case = $self->{answer} or return 0;
    my $line = $request =~ /\A([^\r\n]*)/ ? $1 : '';
    return 0 if defined $case->{for} && $line !~ $case->{for};
    return 0 if defined $case->{times} && $case->{times}-- <= 0;
    return 1;
}

# Puts the answer into the connection's buffer, and says what follows.
sub answer {
    my ($self, $c, $request) = @_;
    if (!$self->fits($request)) {
        my $text = right_answer($request);
        $text =~ s/\r\n\r\n.*/\r\n\r\n/s if $request =~ /^HEAD/;
        $c->{out} .= $text;
        return;
    }
    my $case = $self->{answer};
    $c->{not_before} = time + ($case->{before} // 0);
    $c->{out} .= $self->expanded($case->{text}, $request);
    $c->{then} = $case->{then} // 'close';
    $c->{slow} = $case->{slow};
}

sub pieces_of {
    my ($self, $c) = @_;
    my $asked = $self->{answer} && $self->{answer}{asked} // 'request';
    if ($asked eq 'bytes' && !$c->{answered}++ && length $c->{in}) {
        $self->answer($c, $c->{in});
    }
    return if $asked ne 'request';
    while (my $length = request_length($c->{in})) {
        $self->answer($c, substr $c->{in}, 0, $length, '');
    }
}

sub take {
    my ($self, $listener, $name) = @_;
    my $socket = $listener->accept or return;
    $socket->blocking(0);
    my $n = ++$self->{count};
    open my $log, '>>:raw', sprintf '%s/%s.%05d', $self->{at}, $name, $n
        or die "recorder: $!\n";
    my $c = { socket => $socket, log => $log, in => '', out => '',
        not_before => 0 };
    $self->{connections}{ fileno $socket } = $c;
    my $asked = $self->{answer} && $self->{answer}{asked} // '';
    $self->answer($c, '') if $name eq 'evil' && $asked eq 'connect';
}

sub drop {
    my ($self, $c) = @_;
    delete $self->{connections}{ fileno $c->{socket} };
    close $c->{socket};
    close $c->{log};
}

sub hear {
    my ($self, $c) = @_;
    my $n = sysread $c->{socket}, my $bytes, 262144;
    return if !defined $n && $!{EAGAIN};
    return $self->drop($c) if !$n;
    syswrite $c->{log}, $bytes;
    $c->{in} .= $bytes;
    $self->pieces_of($c);
    substr($c->{in}, 0, length($c->{in}) - 4096, '')
        if length $c->{in} > 50_000_000;
}

# A reset instead of an end.
sub reset_connection {
    my ($self, $c) = @_;
    setsockopt $c->{socket}, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    $self->drop($c);
}

# What follows when the buffer is empty.
sub go_on {
    my ($self, $c) = @_;
    my $then = delete $c->{then} // return;
    if ($then =~ /^endless (.*)/s) {
        my $text = $self->expanded($1, '');
        $c->{out} = $text x (1 + FLOOD / length $text);
        $c->{then} = $then;
    } elsif ($then eq 'close') {
        $self->drop($c);
    } elsif ($then eq 'reset') {
        $self->reset_connection($c);
    } elsif ($then eq 'shut') {
        shutdown $c->{socket}, 1;
    }
}

sub speak {
    my ($self, $c) = @_;
    if ($c->{slow}) {
        $c->{not_before} = time + $c->{slow};
    }
    my $n = syswrite $c->{socket}, $c->{out}, $c->{slow} ? 1 : FLOOD;
    return if !defined $n && $!{EAGAIN};
    return $self->drop($c) if !defined $n;
    substr $c->{out}, 0, $n, '';
    $self->go_on($c) if $c->{out} eq '';
}

sub due {
    my ($self) = @_;
    return grep { (length $_->{out} || defined $_->{then})
            && time >= $_->{not_before} } values %{ $self->{connections} };
}

# The groups, as the one who runs the case tells them, and its end.
sub listen_to_runner {
    my ($self) = @_;
    my $n = sysread $self->{runner}, my $bytes, 4096;
    if ($n) {
        push @{ $self->{groups} }, $bytes =~ /(\d+)/g;
        return;
    }
    kill 'KILL', map { -$_ } @{ $self->{groups} };
    POSIX::_exit(0);
}

sub turn {
    my ($self) = @_;
    my $all = $self->{connections};
    my $in = IO::Select->new($self->{runner}, $self->{evil}, $self->{other},
        map { $_->{socket} } values %$all);
    my $out = IO::Select->new(map { $_->{socket} } $self->due);
    my ($ready, $writable) = IO::Select->select($in, $out, undef, 0.05);
    for my $socket (@{ $ready // [] }) {
        if ($socket == $self->{runner}) {
            $self->listen_to_runner;
        } elsif ($socket == $self->{evil} || $socket == $self->{other}) {
            $self->take($socket, $socket == $self->{evil} ? 'evil' : 'other');
        } elsif (my $c = $all->{ fileno $socket }) {
            $self->hear($c);
        }
    }
    for my $socket (@{ $writable // [] }) {
        my $n = fileno $socket // next;
        my $c = $all->{$n} or next;
        length $c->{out} ? $self->speak($c) : $self->go_on($c);
    }
}

# `at`: the folder of what is recorded; `answer`: { for, times, asked, before,
# slow, then, text } of a .host case, or undef.
sub start_recorder {
    my ($at, $answer) = @_;
    mkdir $at or die "$at: $!\n";
    my ($evil, $other) = (listener(), listener());
    pipe my $runner, my $to or die "pipe: $!\n";
    my %own = (EVIL => 'http://127.0.0.1:' . $evil->sockport,
        OTHER => 'http://127.0.0.1:' . $other->sockport);
    # It outlives who began it, and ends what that left: no fork of Rig's.
    my $pid = CORE::fork // die "fork: $!\n";
    if (!$pid) {
        close $to;
        setpgrp 0, 0;
        $SIG{PIPE} = 'IGNORE';
        $SIG{$_} = 'DEFAULT' for qw(ALRM TERM INT);
        my $self = bless { at => $at, answer => $answer, urls => \%own,
            evil => $evil, other => $other, runner => $runner, groups => [],
            connections => {} };
        eval { $self->turn while 1 };
        print STDERR "recorder: $@";
        POSIX::_exit(1);
    }
    close $runner;
    return { pid => $pid, to => $to, at => $at, %own };
}

# It will kill this group when the one who runs the case is gone.
sub watch_group {
    my ($recorder, $group) = @_;
    syswrite $recorder->{to}, "$group\n";
}

# Ends it, and the groups with it.
sub stop_recorder {
    my ($recorder) = @_;
    close $recorder->{to};
    waitpid $recorder->{pid}, 0;
}

sub requests_in {
    my ($bytes) = @_;
    my @requests;
    while (my $length = request_length($bytes)) {
        push @requests, substr $bytes, 0, $length, '';
    }
    push @requests, $bytes if length $bytes;
    return @requests;
}

# What came to "evil" or "other", in the order of the connections:
# the bytes of each, and its requests.
sub recorded {
    my ($recorder, $name) = @_;
    my @all;
    for my $path (sort glob "$recorder->{at}/$name.*") {
        open my $file, '<:raw', $path or die "$path: $!\n";
        local $/;
        my $bytes = <$file> // '';
        push @all, { bytes => $bytes, requests => [requests_in($bytes)] };
    }
    return @all;
}

1;
