#!/usr/bin/perl
# doc.t: host/doc is the contract, so what it lists is what the code has, and
# the other way round; so are its numbers; each file and each test that it names
# is there. The same checks are then given documents that are wrong, and have to
# find each. (formats.t looks at what --json says.)
use strict;
use warnings;
use File::Basename qw(dirname basename);
use JSON::PP;
use Test::More;

my $root = dirname(__FILE__) . '/../..';

sub text_of {
    my ($path) = @_;
    open my $file, '<:raw', "$root/$path" or die "$root/$path: $!\n";
    local $/;
    return scalar <$file>;
}

my %docs = map { basename($_, '.md') => text_of("host/doc/" . basename($_)) }
    glob "$root/host/doc/*.md";
my $told = decode_json(scalar `$ENV{OMNITRON} help --json`);
my $types = text_of('scripts/types/omnitron.lua');

# Reading the documents.

# What is below a heading, to the next one.
sub part_of {
    my ($text, $heading) = @_;
    my ($part) = $text =~ /^##+ \Q$heading\E\n(.*?)(?=^##|\z)/ms;
    return $part // '';
}

# The rows of the table whose head begins with a word, as lists of cells.
sub rows_of {
    my ($part, $head) = @_;
    my ($rows) = $part
        =~ /^\| \Q$head\E[^\n]*\n\| ---[^\n]*\n((?:\|[^\n]*\n)*)/m or return;
    return map { [map { s/^\s+|\s+$//gr } split /(?<!\\)\|/, s/^\|//r] }
        split /\n/, $rows;
}

# The first word of each `…`.
sub quoted {
    my ($cell) = @_;
    return map { (split ' ')[0] } $cell =~ /`([^`]+)`/g;
}

sub column {
    my ($n, @rows) = @_;
    return map { quoted($_->[$n] // '') } @rows;
}

sub differ {
    my ($what, $doc, $code) = @_;
    my %doc = map { $_ => 1 } @$doc;
    my %code = map { $_ => 1 } @$code;
    my @wrong = map {"$what: $_ is in the code alone"}
        grep { !$doc{$_} } sort keys %code;
    push @wrong, map {"$what: $_ is in the document alone"}
        grep { !$code{$_} } sort keys %doc;
    push @wrong, "$what: none is found" if !@$doc || !@$code;
    return @wrong;
}

# The texts in quotes of a part of a source.
sub texts_in {
    my ($path, $pattern) = @_;
    my ($part) = text_of($path) =~ $pattern or return;
    return $part =~ /"([^"]+)"/g;
}

# promise.md.

sub wrong_states {
    my ($d) = @_;
    my ($check) = text_of('host/journal/schema.c')
        =~ /state TEXT NOT NULL(.*?)attempts INTEGER/s;
    my @code = ($check // '') =~ /'([a-z]+)'/g;
    my $part = part_of($d->{promise}, 'States of one release');
    my %code = map { $_ => 1 } @code;
    return (differ('state', [column(0, rows_of($part, 'state'))], \@code),
        map {"state: $_ does not meet a release"} grep {
            my $state = $_;
            $state ne 'sending' && !grep { $_ eq $state }
                column(0, rows_of($part, 'the row'))
        } sort keys %code);
}

sub wrong_outcomes {
    my ($d) = @_;
    my $source = text_of('host/delivery/outcome.c');
    my @code = $source =~ /^    \[OUTCOME_\w+\] = "([a-z -]+)"/mg;
    my ($refused) = $source =~ /list\[\] = \{\s*([\d,\s]+)\}/;
    my @rows = rows_of(part_of($d->{promise}, 'The outcome of an attempt'),
        'seen');
    my ($cell) = map { $_->[0] } grep { $_->[1] =~ /refused/ } @rows;
    return (differ('outcome', [map { $_->[1] =~ /`([^`]+)`/g } @rows], \@code),
        differ('refusal', [($cell // '') =~ /\d{3}/g], [$refused =~ /\d+/g]));
}

sub wrong_stops {
    my ($d) = @_;
    my @code = grep { $_ ne '' } text_of('host/delivery/stop_reason.c')
        =~ /^    \[STOP_\w+\] = \{"([^"]*)"/mg;
    my @rows = rows_of(part_of($d->{promise}, 'The brake'), 'what stops');
    my @doc = map { $_->[1] =~ /`([^`]+)`/g } @rows;
    my ($most) = text_of('host/delivery/brake.h') =~ /enum \{(.*?)\}/s;
    my %most = $most =~ /BRAKE_(\w+) = (\d+)/g;
    my @seen = map { $_->[0] } @rows;
    return (differ('reason to stop', \@doc, \@code),
        map {"brake: $most{$_} of $_ is not told"} grep {
            my ($n, $word) = ($most{$_}, $_ eq 'FORBIDDEN' ? '403 or 405'
                : $_ eq 'UNKNOWN' ? 'unknown outcomes' : 'refusals');
            !grep {/^$n (?:answers )?$word/} @seen
        } sort keys %most);
}

# The codes, and which of two wins: the ranks of the table in the code.
sub wrong_exits {
    my ($d) = @_;
    my $part = part_of($d->{promise}, 'Exit codes');
    my @doc = map { split /, /, $_->[0] } rows_of($part, 'code');
    my %number = text_of('host/base/exit_code.h') =~ /\b(EXIT_\w+) = (\d+)/g;
    my %rank = text_of('host/base/exit_code.c')
        =~ /^    \{(EXIT_\w+), EXIT_WEIGHT_\w+, (\d+), *(?:\n *)?"/mg;
    my @order = map { $number{$_} }
        sort { $rank{$a} <=> $rank{$b} } keys %rank;
    my ($first) = $part =~ /the first of these wins:\s+([\d\s]+)[.]/;
    my $told = join ' ', split ' ', $first // '';
    return (differ('exit code', \@doc, [values %number]),
        $told eq "@order" ? () : "exit code: $told wins, in the code @order");
}

sub wrong_summary {
    my ($d) = @_;
    my @code = text_of('host/ending/summary.c')
        =~ /(?:put_member_\w+\(\s*out, |put_name\(out, |^\s+\{)"([a-z_]+)"/mg;
    push @code, text_of('host/journal/inputs.c')
        =~ /^    \[INPUT_\w+\] = \{"([a-z]+)"/mg;
    push @code, grep { $_ ne 'lost' } texts_in('host/delivery/delivery.c',
        qr/verdict_names\[\] = \{(.*?)\}/s);
    my ($sums) = $d->{promise} =~ /`--summary` keys: (.*)\n/;
    return differ('key of the summary',
        [map { split ' ' } ($sums // '') =~ /`([a-z_ ]+)`/g], \@code);
}

# commands.md.

# What all commands that run understand is told once.
my %of_the_log = map { $_ => 1 } qw(verbose quiet log-file log-format);

sub wrong_options {
    my ($what, $rows, $names, $options) = @_;
    my %rows = map { (quoted($_->[0]))[0] => $_ } @$rows;
    my @wrong = differ($what, [keys %rows], $names);
    for my $name (grep { $rows{$_} } @$names) {
        my @doc = column(2, $rows{$name});
        my @code = @{ $options->{$name} };
        push @wrong, differ("option of $name", \@doc, \@code)
            if @doc || @code;
    }
    return @wrong;
}

sub wrong_commands {
    my ($d) = @_;
    my $part = part_of($d->{commands}, 'Commands');
    my (@names, %options, @words, %of_word);
    for my $command (@{ $told->{commands} }) {
        push @names, $command->{name};
        $options{ $command->{name} } = [map {"--$_"}
            grep { !$of_the_log{$_} } map { $_->{name} }
            @{ $command->{options} }];
        for my $word (@{ $command->{words} }) {
            push @words, $word->{name};
            $of_word{ $word->{name} } = [map {"--$_"} @{ $word->{options} }];
        }
    }
    return (wrong_options('command', [rows_of($part, 'command')], \@names,
            \%options),
        wrong_options('word of journal', [rows_of($part, '`journal`')],
            \@words, \%of_word));
}

sub wrong_keys {
    my ($d) = @_;
    my @rows = rows_of(part_of($d->{commands}, 'The profile'), 'key');
    my @wrong = differ('profile key', [column(0, @rows)],
        [map { $_->{key} } @{ $told->{profile} }]);
    my %default;
    for my $row (@rows) {
        my @keys = quoted($row->[0]);
        my @said = @keys > 1 ? split /, /, $row->[1] : $row->[1];
        @default{@keys} = map {tr/`//dr} @said;
    }
    push @wrong, map {"default of $_->{key}: $_->{default}"} grep {
        defined $_->{default}
            && $_->{default} ne ($default{ $_->{key} } // '')
    } @{ $told->{profile} };
    return @wrong;
}

sub wrong_mock {
    my ($d) = @_;
    my $part = part_of($d->{commands}, 'The mock');
    my ($outages) = $part =~ /^An outage befalls every request: (.*?)[.]\n/ms;
    my @faults = text_of('host/mock/fault.c') =~ /^    \{"([a-z-]+)", /mg;
    my @kinds = text_of('host/mock/outage.c') =~ /^    \{"([a-z0-9-]+)", /mg;
    my @repeats = text_of('host/mock/options.c') =~ /^    \{"(\w+)", MOCK_/mg;
    return (differ('fault', [column(0, rows_of($part, 'fault'))], \@faults),
        differ('outage', [quoted($outages // '')], \@kinds),
        map {"repeat: $_ is not told"} grep { $part !~ /`$_`/ } @repeats);
}

# script.md: each function by its name, or as one of those that stand behind
# the first of its module: "http.get(url)  http.post  http.put".
my @functions = $types =~ /^function ((?:\w+[.])?\w+)\(/mg;
my %fields = map { $_ => 1 } qw(json.null omnitron.planning);

sub wrong_functions {
    my ($d) = @_;
    my %is_one = map { $_ => 1 } @functions;
    my $modules = join '|', sort keys %{ { map { /^(\w+)[.]/ ? ($1 => 1) : () }
            @functions } };
    my @told = $d->{script} =~ /(?<![\w.\/])((?:$modules)[.][a-z_]+)\b(?![.])/g;
    return ((map {"function: $_ is in no document"}
            grep { $d->{script} !~ (/[.]/ ? qr/(?<![\w.])\Q$_\E\b/
                : qr/(?<![\w.])\Q$_\E\(/) } @functions),
        map {"function: $_ is in the document alone"}
            grep { !$is_one{$_} && !$fields{$_} && !-e "$root/host/doc/$_" }
            @told);
}

# The tables of options: those of http, and of release_all.
sub wrong_script_options {
    my ($d) = @_;
    my ($http) = text_of('scripts/lib/http_options.lua')
        =~ /^local FOR_REQUEST = \{\n(.*?)^\}/ms;
    my ($rows) = text_of('scripts/lib/rows.lua')
        =~ /^local OPTIONS =\s+\{(.*?)\}/ms;
    return (differ('option of http', [column(0,
            rows_of(part_of($d->{script}, 'http'), 'option'))],
            [$http =~ /^  (\w+) = /mg]),
        differ('option of release_all', [column(0,
            rows_of(part_of($d->{script}, 'omnitron'), 'option'))],
            [$rows =~ /(\w+) = /g]));
}

# house.md.

sub wrong_folders {
    my ($d) = @_;
    my @rows = rows_of(part_of($d->{house}, 'Folders'), 'folder');
    my @tests = rows_of(part_of($d->{house}, 'Tests'), 'folder');
    return (differ('folder', [column(0, @rows)],
            [map { 'host/' . basename($_) } grep {-d} glob "$root/host/*"]),
        differ('folder', [column(0, @tests)],
            [map { 'tests/' . basename($_) } grep {-d} glob "$root/tests/*"]));
}

# What the code counts to, and where a document says so.
my @numbers = (
    ['host/delivery/brake.h', 'BRAKE_REFUSED = 20',
        promise => 'after 20 refusals in a row'],
    ['host/delivery/logins.h', 'LOGINS_MOST = 3, LOGINS_SPAN_MS = 6 * 60',
        promise => 'at most 3 log-ins in 6 minutes'],
    ['host/delivery/release.h', 'RELEASE_REPLY_KEPT = 2048',
        promise => 'the first 2 KiB are kept'],
    ['host/delivery/request.c', 'STARTS_MAX = 3',
        promise => 'start again at most twice'],
    ['host/delivery/retry.h', 'RETRY_FIRST_MS = 500,',
        promise => 'drawn from 0 to 0.5 s'],
    ['host/delivery/retry.h', 'RETRY_MOST_MS = 60000,',
        promise => 'to 60 s at most'],
    ['host/delivery/retry.h', 'RETRY_AFTER_MOST_MS = 300000',
        promise => 'up to 5 minutes'],
    ['host/delivery/wire.c', 'REPLY_MAX = 1 << 20',
        promise => 'the body has at most 1 MiB'],
    ['host/ending/patience.h', 'PATIENCE_STILL_MS = 1100,',
        promise => 'is stopped after 1.1 s'],
    ['host/ending/patience.h', 'PATIENCE_LATE_MS = 4000,',
        promise => 'such as a POST to its ERP, has 4 s'],
    ['host/ending/patience.h', 'PATIENCE_OVER_MS = 5000,',
        promise => 'still there after 5 s'],
    ['host/journal/journal.c', 'FRESH_US = 1000 ',
        promise => 'leaves more than a millisecond later'],
    ['host/journal/committer.c', 'CHECKPOINT_PAGES = 1000 ',
        house => 'At 1,000 pages'],
    ['host/journal/inputs.h', 'INPUTS_KEPT = 1000 ',
        promise => 'the first 1,000 of each kind'],
    ['host/journal/journal.h', 'JOURNAL_CODE_MAX = 255,',
        promise => '1 to 255 bytes of UTF-8'],
    ['host/journal/journal.h', 'JOURNAL_INPUTS_MAX = 20000',
        promise => '20,000 in all'],
    ['host/journal/journal.h', 'JOURNAL_VALUE_MAX = 16 << 20,',
        script => '16 MiB at most'],
    ['host/journal/place.c', 'room_needed = UINT64_C(64) << 20',
        promise => 'with 64 MiB free'],
    ['host/journal/store.h', 'STORE_BUSY_MS = 10000,',
        promise => 'is waited for, 10 s'],
    ['host/json/json.h', 'JSON_DEPTH_MAX = 1000,', script => '1,000 levels'],
    ['host/json/json.h', 'JSON_TEXT_MAX = 64 << 20,',
        script => 'texts above 64 MiB'],
    ['host/modules/log.c', 'FIELDS_MAX = 32 ', script => 'at most 32 fields'],
    ['host/modules/read_release.h', 'RELEASES_MAX = 10000 ',
        promise => 'at most 10,000 releases of one row'],
    ['host/net/transfer_option.c', 'CONNECTION_AGE_S = 4,',
        promise => 'idle for more than 4 s'],
    ['host/task/loop.c', 'GROUP = 60,', house => 'when 60 operations wait'],
    ['scripts/lib/http_exchange.lua', 'REDIRECTS = 5',
        script => 'GET follows 5 redirects'],
    ['scripts/lib/http_request.lua', 'AT_ONCE = 4',
        script => '4 requests at once to one host'],
    ['scripts/lib/http_token.lua', 'FAILED_FOR = 5 ',
        script => 'not asked again for 5 s'],
    ['scripts/lib/pages.lua', 'LIMIT = 100', script => '100 at once'],
    ['scripts/lib/rows.lua', 'PROBLEMS_MAX = 1000',
        script => 'the first 1,000'],
);

sub wrong_numbers {
    my ($d) = @_;
    my (%said, @wrong);
    $said{$_} = $d->{$_} =~ s/\s+/ /gr for keys %$d;
    for my $number (@numbers) {
        my ($path, $code, $name, $words) = @$number;
        push @wrong, "number: $path has no $code, but $name.md says: $words"
            if index(text_of($path), $code) < 0;
        push @wrong, "number: $path has $code, and $name.md not: $words"
            if index($said{$name}, $words) < 0;
    }
    return @wrong;
}

# All of them.

# "host/net/transfer.h", "host/journal/lock.c"; NAME stands for any.
sub missing_files {
    my ($d) = @_;
    my @wrong;
    for my $name (sort keys %$d) {
        my @paths = $d->{$name}
            =~ m{\b((?:host|tests|scripts)/[\w/]+\.\w+)}g;
        push @wrong, map {"$name.md: there is no $_"}
            grep { !-e "$root/$_" && !/NAME/ } @paths;
    }
    return @wrong;
}

# "rollback.h" in a comment of the code. glibc's are known by name.
sub stale_headers {
    my %sources = @_;
    my %headers = map { basename($_) => 1 } 'search.h', glob "$root/host/*/*.h";
    my @wrong;
    for my $path (sort keys %sources) {
        my $text = $sources{$path} =~ s/^\s*#\s*include.*//mgr;
        push @wrong, map {"$path: there is no $_"}
            grep { !$headers{$_} } $text =~ /\b([a-z_]+[.]h)\b/g;
    }
    return @wrong;
}

# `unit/judge_test: test_meetings test_resend`, functions of that file;
# `faults/kill.t: the mock ends well`, words of it; `hostile/work_*.lua`.
sub missing_tests {
    my ($d) = @_;
    my (@wrong, $n);
    my $folders = qr/unit|lua|cli|faults|simulation|hostile|memory|rules/;
    for my $name (sort keys %$d) {
        while ($d->{$name} =~ m{`($folders)/([\w*.]+)(?::\s+([^`]+))?`}g) {
            my ($file, $names) = ("tests/$1/$2", $3);
            $file .= '.c' if $file !~ /[.]/;
            $n++;
            push @wrong, missing_in("$name.md", $file, $names);
        }
    }
    push @wrong, 'test: none is found' if !$n;
    return @wrong;
}

sub missing_in {
    my ($doc, $file, $names) = @_;
    my ($found) = glob "$root/$file";
    return "$doc: there is no $file" if !defined $found || !-e $found;
    return if !defined $names;
    my $text = text_of($file);
    return grep { defined } $file !~ /[.]c$/
        ? (index($text, join ' ', split ' ', $names) < 0
            ? "$doc: $file has no \"$names\"" : undef)
        : map { $text =~ /^(?:static )?void \Q$_\E\(/m
                ? undef : "$doc: $file has no $_" } split ' ', $names;
}

my @checks = (\&wrong_states, \&wrong_outcomes, \&wrong_stops, \&wrong_exits,
    \&wrong_summary, \&wrong_commands, \&wrong_keys, \&wrong_mock,
    \&wrong_functions, \&wrong_script_options, \&wrong_folders,
    \&wrong_numbers, \&missing_files, \&missing_tests);

sub all_wrong {
    my ($d) = @_;
    return map { $_->($d) } @checks;
}

is_deeply([sort keys %docs], [qw(api commands house promise script style)],
    'what there is');
is(join("\n", all_wrong(\%docs)), '', 'the documents are right');
is(join(' ', sort(column(0, rows_of(part_of(text_of('README.md'),
        'A profile'), 'key')))),
    join(' ', sort map { $_->{key} } @{ $told->{profile} }),
    'and so are the keys in README');

my %sources = map { substr($_, 1 + length $root) => text_of(substr $_,
        1 + length $root) } glob "$root/host/*/*.[ch]";
is(join("\n", stale_headers(%sources)), '', 'comments name what is there');
is_deeply([stale_headers('x.c' => "#include <old.h>\n/* as old.h has it */")],
    ['x.c: there is no old.h'], 'and one that names what was there is found');

# What the checks must find, each in documents that are right otherwise.
my @bad = (
    [house => '`host/csv` |', '`host/cvs` |', 'host/cvs'],
    [house => '`tests/memory` |', '`tests/memories` |', 'tests/memories'],
    [promise => "\n| 11 |", "\n| 12 |", 'exit code: 12'],
    [promise => '6 1 4 3 5', '6 1 3 4 5', 'wins'],
    [promise => "\n| `cancelled` |", "\n| `dropped` |", 'state: dropped'],
    [promise => '`pending`, `cancelled` |', '`pending` |', 'meet a release'],
    [promise => '| `throttled` |', '| `slowed` |', 'outcome: slowed'],
    [promise => '| 400 403 404', '| 400 403 404 409', 'refusal: 409'],
    [promise => '| `redirect` |', '| `moved` |', 'reason to stop: moved'],
    [promise => '| 20 refusals', '| 30 refusals', 'brake: 20'],
    [promise => 'pending attempts repeated', 'pending repeated', 'summary'],
    [promise => '`faults/kill.t`', '`faults/killed.t`', 'killed.t'],
    [promise => 'test_wrong_clocks', 'test_right_clocks', 'test_right_clocks'],
    [promise => 'every summary adds up', 'each summary adds', 'each summary'],
    [promise => 'host/net/gate.c', 'host/net/gates.c', 'gates.c'],
    [promise => '64 MiB', '32 MiB', 'number: host/journal/place'],
    [commands => '`doctor [', '`medic [', 'command: medic'],
    [commands => '`--deadline` `--wait`', '`--deadline`', 'option of run'],
    [commands => '`prune` |', '`trim` |', 'word of journal: trim'],
    [commands => '`--json` `--state` |', '`--json` |', 'option of list'],
    [commands => "\n| `tries` |", "\n| `attempts` |", 'profile key: attempts'],
    [commands => '| 30, 10 |', '| 30, 20 |', 'default of connect_timeout'],
    [commands => '`half-json`', '`half`', 'fault: half'],
    [commands => '`login-page`', '`page`', 'outage: page'],
    [commands => '`overwrite`', '`replace`', 'repeat: overwrite'],
    [script => 'csv.table', 'csv.tablet', 'csv.tablet'],
    [script => 'omnitron.recall', 'omnitron.reckon', 'omnitron.recall'],
    [script => '| `save_to` |', '| `keep_as` |', 'option of http: keep_as'],
    [script => '| `cursor`, `at` |', '| `cursor` |', 'release_all: at'],
    [script => 'here(path)', 'there(path)', 'function: here'],
);
for my $case (@bad) {
    my ($name, $right, $wrong, $found) = @$case;
    my %changed = %docs;
    my $n = $changed{$name} =~ s/\Q$right\E/$wrong/g;
    my @wrong = all_wrong(\%changed);
    ok($n && (grep {/\Q$found\E/} @wrong),
        "$name.md with " . ($wrong =~ s/\n//gr) . ' is found')
        or diag(join "\n", "$n times", @wrong);
}
done_testing;
