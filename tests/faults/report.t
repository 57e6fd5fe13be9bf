#!/usr/bin/perl
# What report says is what the journal and the mock's ledger say; and its page
# is inert, whatever words the host, the ERP and the file names are made of.
use strict;
use warnings;
use utf8;
use Digest::MD5;
use Encode qw(encode_utf8 decode_utf8);
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use Rig;
use Test::More;
use Time::HiRes 'sleep';

alarm 600; # a host that is never asked fails

my $program = $ENV{OMNITRON};
my $build = $ENV{BUILD};
my $first = 1001;

# What a host says that does not wish us well.
my $title = 'document.title="owned"';
my @hostile = (
    [1031, { detail => "<script>$title</script>" }],
    [1032, { code => [qq("><img src=x onerror='$title'>)] }],
    [1033, { non_field_errors => ["turned \x{202E}round\x{2069} \x{200B}"] }],
    [1034, { detail => "]]> --> </style></title><svg onload='$title'>" }],
    [1035, { detail => "bell \a and \x{1b}]0;owned\x{7} and \x{9b}31m" }],
    [1036, { detail => 'item 1036 of order 778899 is closed' }],
    [1037, { detail => 'item 1037 of order 778900 is closed' }],
);

my $serve = folder() . '/serve';
mkdir $serve;
spill("$serve/replies.json", JSON::PP->new->utf8->encode({
    map { ("POST /api/i1/order_items/$_->[0]/create_mapping/" =>
        { status => 400, json => $_->[1] }) } @hostile }));
my $mock = start_mock('--items', '1001-9000', '--serve', $serve);

my ($made) = omnitron('init', folder() . '/acme', '--from', 'csv');
is($made, 0, 'a customer');
my $acme = folder() . '/acme';
spill("$acme/profile.lua",
    qq(return { url = "$mock->{url}", token_file = "token", tries = 2,\n)
    . qq(  at_once = 1, connect_timeout = 1 }\n));
spill("$acme/token", "mock\n", 0600);
spill("$acme/rules.lua", <<'LUA');
return function(row)
  if row.code == "later" then return nil, "not <b>booked</b> yet", "later" end
  if row.code == "fail" then error("the rule's <i>fault</i>") end
  return { order_item_id = row.item, code = row.code }
end
LUA

sub run_lines {
    my ($name, @lines) = @_;
    my $file = "$acme/$name";
    spill($file, join '', "item;code\n", map {"$_\n"} @lines);
    return (omnitron('run', "$acme/rules.lua", $file))[0];
}

# report takes the current folder.
sub report {
    my (@args) = @_;
    chdir $acme or die "$acme: $!\n";
    my @got = omnitron('report', @args);
    chdir '/';
    return @got;
}

sub report_json {
    my ($code, $out, $err) = report('--json', @_);
    is($code, 0, 'report --json') or diag($err);
    return JSON::PP->new->utf8->decode($out);
}

# --- before anything happened

my $none = report_json();
is($none->{runs}{count}, 0, 'no run yet');
is(scalar @{ $none->{spans} }, 1, 'one hour, and it is empty');
my ($code, $out, $err) = report('--html', "$acme/none.html");
is($code, 0, 'a page of nothing') or diag($err);
like(slurp("$acme/none.html"), qr/No release was written/, 'says so');

# --- runs of all kinds

my $evil = '<script>alert(1)</script>';
is(run_lines(qq(<b>&"'\a\e[31m.csv), (map {"$_;SO-$_/10"} $first .. 1030),
        (map {"$_->[0];SO-$_->[0]"} @hostile), "1040;$evil", '1041;later',
        '1042;fail', '1.5;SO-1', '99999;SO-2'), 3, 'a run with refusals');
set_fault($mock, 'drop-after@1051*1');
is(run_lines('two.csv', '1051;SO-1051', '1052;SO-1052'), 4, 'and an unknown');
set_fault($mock, undef);
set_outage($mock, '503');
is(run_lines('three.csv', '1061;SO-1061', '1062;SO-1062'), 4, 'an outage');
spill("$acme/nothing.lua", '');
set_outage($mock, undef);

# --- against the journal and the ledger

my $said = report_json();
my $rows = journal($acme);
my %states;
$states{ $_->{state} }++ for values %$rows;
is($states{pending}, 2, 'the journal has pending ones');
is($states{unknown}, 1, 'and an unknown one');
is($said->{releases}{$_}, $states{$_} // 0, "releases $_: as journal list")
    for qw(confirmed rejected unknown pending sending cancelled);
is_deeply($said->{journal}, $said->{releases}, 'the whole journal is as young');
for my $state (qw(confirmed rejected unknown pending)) {
    my $sum = 0;
    $sum += $_->{$state} for @{ $said->{spans} };
    is($sum, $states{$state} // 0, "$state: the hours add up");
}
is($said->{open}{$_}{count}, $states{$_} // 0, "open $_")
    for qw(rejected unknown pending);
is_deeply([map { $_->{order_item_id} } @{ $said->{open}{unknown}{rows} }],
    [1051], 'which one is unknown');

my $ledger = ledger($mock);
my $applied = grep {
    grep { $_->{applied} } @$_
} values %$ledger;
is($applied, $said->{releases}{confirmed} + $said->{releases}{unknown},
    'the ledger has what is released, and the unknown one');

my $runs = $said->{runs};
is($runs->{count}, 3, 'three runs');
is_deeply({ map { ($_->{exit} => $_->{runs}) } @{ $runs->{exits} } },
    { 3 => 1, 4 => 2 }, 'their exits');
is($runs->{idle}, 0, 'each had something to send');
is_deeply([map { [$_->{why}, $_->{runs}, $_->{over} ? 1 : 0] }
        @{ $runs->{stopped} }], [['no answer', 1, 0]], 'one outage, still on');

my %refused = map { ($_->{words} => $_->{count}) } @{ $said->{refused} };
my $refusals = 0;
$refusals += $_ for values %refused;
is($refusals, $states{rejected}, 'each refusal has its reason');
my ($closed) = grep {/closed/} keys %refused;
is($refused{$closed}, 2, 'one reason, whatever its numbers');
my %inputs = map { ($_->{kind} => $_->{count}) } @{ $said->{inputs} };
is_deeply(\%inputs, { later => 1, failed => 1, invalid => 1 },
    'the rows that came to no release');

# The commands mean this customer, wherever they are typed.
chdir folder();
($code, $out) = omnitron('report', '--profile', 'acme/profile.lua');
like($out, qr{^ +omnitron journal settle --profile acme/profile.lua 1051 --done}m,
    'from elsewhere: the command has the profile');
($code, $out)
    = omnitron('report', '--profile', 'acme/profile.lua', '--html', '-');
like($out, qr{omnitron journal settle --profile acme/profile.lua --all-unknown},
    'also on the page');
# What the terminal can show is the user's locale's to say, no other thing is.
for my $case (['C', qr/#/, qr/\xE2\x96/], ['C.UTF-8', qr/\xE2\x96/, qr/###/]) {
    my ($locale, $has, $lacks) = @$case;
    local $ENV{LC_ALL} = $locale;
    ($code, $out) = omnitron('report', '--profile', 'acme/profile.lua');
    like($out, $has, "bars in $locale");
    unlike($out, $lacks, "and no others in $locale");
}
chdir '/';

# A person settles; the outage ends; a run has nothing to do.
omnitron('journal', 'settle', '--profile', "$acme/profile.lua", 1051, '--done',
    '--note', 'seen <i>there</i>');
is((omnitron('run', "$acme/nothing.lua"))[0], 3,
    'the rest goes out, and what was rejected is so still');
# As if it had been given up, for one run; what follows looks at it.
sub becomes {
    my ($from, $to) = @_;
    my ($code, $out, $err) = finish(spawn('sql', 'sqlite3', "$acme/journal.db",
        "UPDATE release SET state = '$to' WHERE state = '$from'"));
    is("$code$err", '0', "what was $from is $to");
}
becomes('rejected', 'cancelled');
is((omnitron('run', "$acme/nothing.lua"))[0], 0, 'and there is no more');
becomes('cancelled', 'rejected');
$said = report_json();
is($said->{runs}{idle}, 1, 'one run had nothing to send');
ok($said->{runs}{stopped}[0]{over}, 'the outage is over');
is($said->{open}{$_}{count}, 0, "no $_ is open") for qw(unknown pending);
is($said->{decisions}[0]{words}, 'settled: done', 'what a person decided');
is($said->{releases}{confirmed}, (grep { $_->{state} eq 'confirmed' }
    values %{ journal($acme) }), 'settled and sent later: each counts once');

# What a person settled counts, though its run was before the stretch.
system 'sqlite3', "$acme/journal.db", 'UPDATE run SET started_at = started_at '
    . '- 900000000, ended_at = ended_at - 900000000 WHERE id <= 3; UPDATE '
    . 'release SET last_at = last_at - 900000000 WHERE run <= 3 AND '
    . 'order_item_id <> 1051; UPDATE meta SET created_at = created_at - '
    . '1000000000;';
my $late = report_json('--since', '1d');
is($late->{runs}{count}, 2, 'of a day: its runs alone');
is($late->{releases}{confirmed}, 3, 'the two of the run, the settled one');
is($late->{open}{rejected}{count}, $states{rejected}, 'open is open');
my @a_day_ago = gmtime(time - 86400);
is(report_json('--since', sprintf '%04d-%02d-%02d', $a_day_ago[5] + 1900,
        $a_day_ago[4] + 1, $a_day_ago[3])->{runs}{count}, 2,
    'of a date: likewise');
my $all = report_json('--since', '30d');
is($all->{runs}{count}, 5, 'of a month: all');
is($all->{releases}{confirmed}, $said->{releases}{confirmed}, 'and all rows');
cmp_ok(scalar @{ $all->{spans} }, '>=', 11, 'by days');

sub sum_of {
    my ($list, $key) = @_;
    my $sum = 0;
    $sum += $_->{$key} for @$list;
    return $sum;
}
is("$all->{span} $all->{cell}", 'day hour', 'days of hours');
is(sum_of($all->{spans}, 'cells'), scalar @{ $all->{cells} },
    'each hour is in a day');
is(sum_of($all->{cells}, $_), sum_of($all->{spans}, $_), "hours and days: $_")
    for qw(runs confirmed rejected unknown);

# --- the text

my $controls = qr/[\x00-\x09\x0B-\x1F\x7F-\x9F]
    |[\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]/x;
($code, $out, $err) = report('--since', '30d');
is($code, 0, 'the text') or diag($err);
my $text = decode_utf8($out);
unlike($text, $controls, 'nothing that a terminal obeys');
is(join("\n", grep { length > 80 && !/omnitron journal/ } split /\n/, $text),
    '', '80 columns');
like($text, qr/\\u\{202E\}/, 'a turned direction is shown');
like($text, qr/^ +\d+ +.*item … of order … is closed/m, 'a reason in one line');
like($text, qr/^  \Q$states{rejected}\E rejected: the host said no/m,
    'what is open');

# --- the page

my $page = "$acme/page.html";
spill($page, 'an older one', 0640);
my %before = map { ($_ => 1) } glob("$acme/*");
my $sum = Digest::MD5::md5_hex(slurp("$acme/journal.db"));
($code, $out, $err) = report('--since', '30d', '--html', $page);
is("$code$out$err", '0', 'the page');
is((stat $page)[2] & 0777, 0640, 'it keeps its mode');
is(join(' ', grep { !$before{$_} } glob("$acme/*")), '', 'no file beside it');
is(Digest::MD5::md5_hex(slurp("$acme/journal.db")), $sum,
    'the journal is as it was');

my $html = slurp($page);
is(`xmllint --nonet --noout '$page' 2>&1`, '', 'it is well-formed');
cmp_ok(length $html, '<', 300_000, 'and not large');
ok(decode_utf8($html) !~ $controls, 'no control character in it');
like($html, qr/Content-Security-Policy" content="default-src 'none'/,
    'its policy');
like($html, qr/&lt;script&gt;document.title=&quot;owned&quot;&lt;\/script&gt;/,
    'a script is a text');
like($html, qr/&quot;&gt;&lt;img src=x onerror=&#39;document/, 'so is an image');

# Every tag and every attribute is one of ours, and none of them loads.
my %elements = map { ($_ => 1) } qw(html head meta title style body header main
    footer section h1 h2 h3 p a dl div dt dd ul li figure table thead tbody tr
    th td details summary pre svg g rect path text);
my %attributes = map { ($_ => 1) } qw(lang charset http-equiv content name id
    class aria-labelledby aria-hidden role viewBox preserveAspectRatio width
    height x y d text-anchor stroke-width scope open);

sub odd_parts {
    my ($source) = @_;
    my @odd;
    $source =~ s/^<!DOCTYPE html>//;
    $source =~ s{<style>.*?</style>}{}s;
    while ($source =~ /<([^>]*)>/g) {
        my $tag = $1;
        $tag =~ s{^(/?)([\w-]+)}{} or push(@odd, $tag), next;
        push @odd, "<$2>" if !$elements{$2};
        while ($tag =~ /\s([\w:-]+)="([^"]*)"/g) {
            my ($attribute, $value) = ($1, $2);
            next if "$attribute=$value" eq 'href=#open';
            push @odd, "$attribute=" if !$attributes{$attribute};
        }
        $tag =~ s/\s[\w:-]+="[^"]*"//g;
        push @odd, "rest: $tag" if $tag !~ m{^\s*/?$};
    }
    return @odd;
}
is(join(' ', odd_parts($html)), '', 'no tag and no attribute but its own');
my ($style) = $html =~ m{<style>(.*?)</style>}s;
unlike($style, qr/url\(|\@import|expression|https?:|src/i,
    'nor does its style load anything');
is(join(' ', odd_parts($html =~ s/&lt;script&gt;/<script>/r)), '<script>',
    'one is found');
is(join(' ', odd_parts($html =~ s/<td /<td onclick="x" /r)), 'onclick=',
    'so is an attribute');

my $pictures = () = $html =~ /<svg class="chart"/g;
my $titled = () = $html =~ /<svg class="chart"[^>]*role="img">\s*<title>/g;
cmp_ok($pictures, '>=', 4, 'it has its pictures');
is($titled, $pictures, 'each with a title');

# --- where it cannot be written

sub refused {
    my ($name, $want, $path) = @_;
    my ($got, undef, $words) = report('--html', $path);
    is($got, $want, "$name: exit $want") or diag($words);
    like($words, qr/cannot write --html \Q$path\E: /, "$name: it says so");
}
refused('no such folder', 2, "$acme/none/page.html");
refused('a folder', 2, "$acme/inbox");
refused('a full device', 7, '/dev/full');

SKIP: {
    my $small = mounted('small', '64k')
        or skip 'a disk to fill is made by mount, which needs root', 4;
    spill("$small/page.html", $html);
    spill("$small/filler", 'x' x (64 * 1024 - 4096 * int(length($html) / 4096)
        - 8192));
    refused('a full disk', 7, "$small/page.html");
    is(slurp("$small/page.html"), $html, 'the older page is whole');
    is(join(' ', glob("$small/*")), "$small/filler $small/page.html",
        'and nothing is left beside it');
}
($code, $out, $err) = report('--html', '-');
is($code, 0, 'to stdout');
like($out, qr/^<!DOCTYPE html>.*<\/html>\n\z/s, 'the whole page');
symlink $page, "$acme/link.html";
is((report('--html', "$acme/link.html"))[0], 2, 'not through a link');
ok(-l "$acme/link.html", 'which stays one');

# A time that only a hand can have written.
system 'sqlite3', "$acme/journal.db",
    'UPDATE release SET ms = 9223372036854775807 WHERE ms IS NOT NULL';
($code, $out, $err) = report('--since', '30d', '--html', $page);
is("$code$out$err", '0', 'the greatest of all times');
is(`xmllint --nonet --noout '$page' 2>&1`, '', 'a page that is well-formed');
unlike(slurp($page), qr/>115740 d/, 'whose scale ends at 31 years');

my %wrong = ('a word' => ['acme'], 'no time' => ['--since', 'yesterday'],
    'too far' => ['--since', '4000d'], 'to come' => ['--since', '2999-01-01'],
    'too long ago' => ['--since', '1999-01-01'], 'now' => ['--since', '0s'],
    both => ['--json', '--html', '-']);
is((report(@{ $wrong{$_} }))[0], 2, "$_ is refused") for sort keys %wrong;
like((report('--since', 'yesterday'))[2], qr/7d, .*2025-11-22.*"yesterday"/,
    'what a time may be is said');
mkdir folder() . '/empty';
chdir folder() . '/empty';
is((omnitron('report'))[0], 2, 'no journal: exit 2');
is(join(' ', glob(folder() . '/empty/*')), '', 'and none is made');
chdir '/';

# --- beside a run

{
    my $slow = start_mock('--items', '1001-9000', '--latency', '50');
    my $beta = customer('beta', 'mock', qq(url = "$slow->{url}"),
        'token_file = "token"', 'at_once = 1');
    my $job = spawn('run', $program, 'run', "$beta/rules.lua",
        items_file('beta.csv', 2001 .. 2600));
    sleep 0.02 until keys %{ ledger($slow) } > 3;
    chdir $beta;
    ($code, $out, $err) = omnitron('report', '--json');
    my ($words) = (omnitron('report'))[1];
    chdir '/';
    kill 'TERM', $job->{pid};
    finish($job);
    is("$code$err", '0', 'beside a run');
    my $beside = JSON::PP->new->utf8->decode($out);
    cmp_ok($beside->{releases}{confirmed}, '>', 0, 'it sees what is done');
    is($beside->{releases}{unknown}, 0, 'what is on the way is not unknown');
    like($words, qr/A run is at work/, 'and says that one works');
    ok(stop_mock($slow), 'the slow mock ends well');
}

# --- in a browser

sub browse {
    my (@args) = @_;
    my $home = folder() . '/browser';
    my @command = ('timeout', '60', 'chromium', '--headless=new',
        '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run',
        "--user-data-dir=$home", '--virtual-time-budget=2000', @args);
    local $ENV{HOME} = folder();
    return (finish(spawn('chromium', @command)))[1] // '';
}

sub title_of {
    my ($name, $source, @args) = @_;
    my $path = folder() . "/$name.html";
    spill($path, $source);
    my $dom = browse(@args, '--dump-dom', "file://$path");
    return $dom =~ m{<title>(.*?)</title>}s ? $1 : "no page: $dom";
}

SKIP: {
    my $is_debian = (slurp('/etc/os-release') // '') =~ /^ID=debian$/m;
    skip 'no chromium in Ubuntu but a snap', 6
        if !$is_debian && system('command -v chromium >/dev/null') != 0;
    my ($own) = $html =~ m{<title>(.*?)</title>};
    my $script = "<script>$title</script>";
    my $open = $html =~ s{</header>}{</header>$script}r;
    is(title_of('page', $html), $own, 'in a browser: nothing runs');
    is(title_of('with', $open), $own, 'nor would a script, by its policy');
    is(title_of('without', $open =~ s/<meta http-equiv[^>]*>//r), 'owned',
        'without the policy it would');
    my $over = '<script>document.title = [...document.querySelectorAll('
        . '".wide")].map(e => e.scrollWidth - e.clientWidth).join(" ")'
        . '</script>';
    my $long = 'n' x 300;
    my $words = $html =~ s/<meta http-equiv[^>]*>//r
        =~ s{(<td class="words">)[^<]*}{$1$long}gr
        =~ s{(<td class="l(?:ine|ong)">)[a-z][^<]*\.csv:[^<]*}{<td class="long">$long}gr
        =~ s{</body>}{$over</body>}r;
    like(title_of('words', $words, '--window-size=1000,800'), qr/^0(?: 0)+$/,
        'long words keep no column from being seen');
    for my $scheme (1, 0) { # as Blink counts them: light, dark
        my $shot = "$build/report-" . ($scheme ? 'light' : 'dark') . '.png';
        unlink $shot;
        browse("--blink-settings=preferredColorScheme=$scheme",
            '--window-size=1100,1400', "--screenshot=$shot", "file://$page");
        cmp_ok(-s $shot // 0, '>', 20_000, "a picture of it: $shot");
    }
}

ok(stop_mock($mock), 'the mock ends well');
done_testing;
