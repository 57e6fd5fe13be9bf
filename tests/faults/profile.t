#!/usr/bin/perl
# What is wrong before anything was sent: each case has its exit code and one
# line on stderr that names the file and the way out, and the host hears
# nothing.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Rig;
use Test::More;
use Time::HiRes qw(sleep);

my $mock = start_mock('--items', '1-999999');
my $file = folder() . '/lines.csv';
spill($file, "item;erp_doc;erp_line;stock\n1;SO-1;10;own\n");
my $number = 0;

# A folder of a customer that would be right but for what a case changes.
sub folder_of {
    my ($case) = @_;
    my $acme = folder() . '/acme' . ++$number;
    mkdir $acme;
    my $profile = $case->{profile} // 'return { url = "URL", '
        . 'token_file = "token", ' . ($case->{keys} // '') . " }\n";
    $profile =~ s/URL/$case->{url} \/\/ $mock->{url}/e;
    spill("$acme/profile.lua", $profile) if !$case->{no_profile};
    spill("$acme/token", $case->{token} // "mock\n", $case->{mode} // 0600)
        if !$case->{no_token};
    spill("$acme/rules.lua",
        slurp("$FindBin::Bin/../../scripts/init/csv/rules.lua"));
    omnitron('journal', 'new', $acme)
        if !$case->{no_journal} && !$case->{no_profile};
    spill("$acme/journal.db", '') if !-e "$acme/journal.db"
        && !$case->{no_journal};
    $case->{before}->($acme) if $case->{before};
    return $acme;
}

my @cases = (
    { title => 'no profile', no_profile => 1,
        names => 'omnitron init', says => qr/--profile FILE/ },
    { title => 'a profile that is named and missing', no_profile => 1,
        options => ['--profile', 'ACME/profile.lua'],
        names => 'ACME/profile.lua', says => qr/omnitron init/ },
    { title => 'an unknown key', keys => 'tokenfile = "x"',
        names => 'ACME/profile.lua', says => qr/tokenfile.*token_file/ },
    { title => 'no Lua', profile => "return {\n  url = \n}\n",
        names => 'ACME/profile.lua:3', says => qr/unexpected symbol/ },
    { title => 'a wrong type', keys => 'at_once = "many"',
        names => 'ACME/profile.lua', says => qr/at_once must be.*1 to 64/ },
    { title => 'http beyond loopback', url => 'http://acme.example',
        names => 'ACME/profile.lua', says => qr{https://acme\.example} },
    { title => 'the placeholder of init',
        url => 'https://CHANGE-ME.omnitron.net',
        names => 'ACME/profile.lua', says => qr/fill in the address/ },
    { title => 'a path behind the host', url => 'https://acme.example/api',
        names => 'ACME/profile.lua', says => qr{https://acme\.example} },
    { title => 'no token file', no_token => 1,
        names => 'ACME/token', says => qr/put the API token/ },
    { title => 'a token that others may read', mode => 0644,
        names => 'ACME/token', says => qr{chmod 600 \S*/token} },
    { title => 'a token that the group may write', mode => 0620,
        names => 'ACME/token', says => qr{chmod 600 \S*/token} },
    { title => 'an empty token', token => '',
        names => 'ACME/token', says => qr/empty: put the API token/ },
    { title => 'an empty line for a token', token => "\n",
        names => 'ACME/token', says => qr/empty: put the API token/ },
    { title => 'a line end inside the token', token => "mo\nck\n",
        names => 'ACME/token', says => qr/must be one line/ },
    { title => 'a token that is a folder', no_token => 1,
        before => sub { mkdir "$_[0]/token", 0700 },
        names => 'ACME/token', says => qr/a file of its own/ },
    { title => 'no token at all', profile => 'return { url = "URL" }',
        names => 'ACME/profile.lua',
        says => qr/token_file = .*OMNITRON_TOKEN/ },
    { title => 'a token file and a user name',
        keys => 'username = "u", password_file = "token"',
        names => 'ACME/profile.lua', says => qr/token_file.*username/ },
    { title => 'no journal', no_journal => 1, names => 'ACME/journal.db',
        whole => 'error: there is no journal at ACME/journal.db. Without it, '
            . 'everything that was ever released would be sent again. New '
            . 'customer: omnitron journal new. Otherwise find the old one.' },
    { title => 'a journal that is none',
        before => sub { spill("$_[0]/journal.db", 'no database ' x 100) },
        names => 'ACME/journal.db', says => qr/journal/ },
    { title => "another host's journal",
        before => \&use_for_another, names => 'ACME/journal.db',
        says => qr/belongs to http:\S+, not to http:\S+\..*profile\.lua/ },
);

# Its first run was for another Omnitron.
sub use_for_another {
    my ($acme) = @_;
    my $another = start_mock('--items', '1-999999');
    my $profile = slurp("$acme/profile.lua");
    spill("$acme/profile.lua",
        $profile =~ s/\Q$mock->{url}\E/$another->{url}/r);
    my ($code, $out, $err) = omnitron('run', "$acme/rules.lua", $file);
    is($code, 0, 'a first run, for another host') or diag($err);
    spill("$acme/profile.lua", $profile);
    stop_mock($another);
}

sub is_one_line {
    my ($err, $title) = @_;
    like($err, qr/\A[^\n]+\n\z/, "$title: one line on stderr");
}

for my $case (@cases) {
    my $acme = folder_of($case);
    my $title = $case->{title};
    my @options = map { s/ACME/$acme/r } @{ $case->{options} // [] };
    my ($code, $out, $err)
        = omnitron('run', @options, "$acme/rules.lua", $file);
    is($code, 2, "$title: exit 2");
    is($out, '', "$title: nothing on stdout");
    is_one_line($err, $title);
    cmp_ok(index($err, $case->{names} =~ s/ACME/$acme/r), '>=', 0,
        "$title: names the place") or diag($err);
    like($err, $case->{says}, "$title: names the way out") if $case->{says};
    is($err, ($case->{whole} =~ s/ACME/$acme/r) . "\n", "$title: word by word")
        if $case->{whole};
}
is_deeply(ledger($mock), {}, 'the host received nothing');

# The journal of a run that is at work.
my $slow = start_mock('--items', '1-999999', '--latency', '200');
my $acme = folder_of({ url => $slow->{url}, keys => 'at_once = 1' });
my $many = folder() . '/many.csv';
spill($many, join '', "item;erp_doc;erp_line;stock\n",
    map {"$_;SO-$_;10;own\n"} 1 .. 6);
my $job = spawn('first', $ENV{OMNITRON}, 'run', "$acme/rules.lua", $many);
for (1 .. 500) {
    last if -s "$acme/journal.db.lock";
    sleep 0.01;
}
local $ENV{TERM} = 'dumb'; # a person's, not cron's
my ($code, $out, $err) = omnitron('run', "$acme/rules.lua", $many);
is($code, 11, 'a locked journal: exit 11');
is_one_line($err, 'a locked journal');
like($err, qr/started at \d\d:\d\d:\d\d \(process $job->{pid}\b/,
    'a locked journal: says who holds it and since when');
cmp_ok(index($err, "$acme/journal.db"), '>=', 0,
    'a locked journal: names the place');
is((finish($job))[0], 0, 'the first run is not disturbed');
is(scalar(grep { @$_ == 1 } values %{ ledger($slow) }), 6,
    'and each of its items went once');

stop_mock($slow);
ok(stop_mock($mock), 'the mock ends well');
done_testing;
