#!/usr/bin/perl
# Every example, as its README has it: its own tests, a plan, a run. A plan
# sends, writes and moves nothing, and what the host receives of the run is
# what the plan said, row by row.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Digest::MD5;
use Erp;
use JSON::PP;
use Rig;
use Test::More;

my $root = "$FindBin::Bin/../..";
my $most = 40; # lines of Lua in all scripts

# What each is run with, how a plan and a run of it end, and what is released:
# item => code, with a minus before it where the stock is kept.
my %examples = (
    'csv-drop' => { args => ['lines.csv'], plan => 3, run => 3, want => {
        46761 => 'SO-1201/10', 46762 => 'SO-1201/20', 46763 => 'SO-1201/20',
        46764 => '-SO-1202/10', 46766 => 'SO-1203/10', 46767 => 'SO-1203/20',
        46768 => 'SO-1204/10', 46769 => 'SO-1204/20', 46771 => 'SO-1205/10',
        99999 => 'SO-1206/10' } },
    warehouses => { script => 'rules.lua', args => ['lines.csv'],
        plan => 3, run => 3, want => {
        46761 => 'SO-1240/10', 46762 => 'SO-1240/20', 46763 => 'SO-1240/20',
        46764 => 'SO-1240/20', 46765 => '-SO-1241/10',
        46766 => '-SO-1242/10', 46767 => '-SO-1242/10',
        46771 => 'SO-1245/10' } },
    odoo => { url => 'ODOO_URL', secret => 'odoo.key', want => {
        46761 => 'sale.order.line,5701', 46762 => 'sale.order.line,5702',
        46765 => 'sale.order.line,5705' } },
    nebim => { url => 'NEBIM_URL', secret => 'nebim.password', want => {
        map { my ($item, $n) = @$_;
            ($item => "7d2f4c1e-0b1a-4f7e-9a51-2f60c5b1a00$n") }
            [46761, 1], [46762, 2], [46764, 4] } },
    'sap-s4' => { url => 'SAP_URL', secret => 'sap.password', want => {
        46761 => '12001/10', 46762 => '12001/20', 46763 => '12002/10' } },
    businesscentral => { url => 'BC_URL', secret => 'bc.secret', want => {
        map { my ($item, $n) = @$_;
            ($item => "5d115c9c-44e3-4f1a-a0a2-00000000000$n") }
            [46761, 2], [46762, 3], [46763, 5], [46764, 4], [46765, 6],
            [46766, 7] } },
    # The items of an order that has to be made first are in no plan.
    'waiting-orders' => { url => 'ERP_URL', secret => 'erp.key', more => 4,
        items => '46761-46766', want => {
        46761 => 'SO-7001/10', 46762 => 'SO-7001/20' } },
);

sub scripts {
    my ($name) = @_;
    return grep { !m{/profile\.lua$|_test\.lua$} } glob "$root/examples/$name/*.lua";
}

# Without comments and blank lines.
sub lines_of_lua {
    return scalar grep { !/^\s*(--|#!|$)/ } map { split /\n/, slurp($_) } @_;
}

# The example with an address, a token, its secret and a journal: its folder.
sub installed {
    my ($name, $example, $mock) = @_;
    my $path = folder() . "/$name";
    system('cp', '-R', "$root/examples/$name", $path) == 0 or die "cp: $?\n";
    my $profile = slurp("$path/profile.lua");
    $profile =~ s/url = "[^"]*"/url = "$mock->{url}"/ or die "no url\n";
    spill("$path/profile.lua", $profile);
    spill("$path/token", "mock\n", 0600);
    spill("$path/$example->{secret}", "demo\n", 0600) if $example->{secret};
    my ($code, $out, $err) = omnitron('journal', 'new', $path);
    die "journal new: exit $code: $err\n" if $code != 0;
    return $path;
}

# Every file of a folder, with what is in it; the journal's index in memory
# (-shm) holds nothing that lasts.
sub files_of {
    my ($path) = @_;
    my %files;
    for my $file (split /\0/, `find '$path' -type f ! -name '*-shm' -print0`) {
        $files{$file} = Digest::MD5::md5_hex(slurp($file));
    }
    delete @files{ grep { /-wal$/ && !-s $_ } keys %files };
    delete $files{"$path/journal.db.notes"};
    return \%files;
}

# Requests that would change something: by the mock's own count.
sub writes {
    my ($mock) = @_;
    my $requests = requests($mock);
    return [sort grep { !/^(GET|HEAD) |other$/ } keys %$requests];
}

sub plan_of {
    my ($path, $example) = @_;
    return omnitron('plan', '--json',
        "$path/" . ($example->{script} // 'release.lua'),
        map {"$path/$_"} @{ $example->{args} // [] });
}

sub run_it {
    my ($path, $example) = @_;
    return omnitron('run', "$path/" . ($example->{script} // 'release.lua'),
        map {"$path/$_"} @{ $example->{args} // [] });
}

sub short {
    my ($row) = @_;
    return ($row->{update_stock} ? '' : '-') . $row->{code};
}

# { item => code } of the rows of a plan that would come to this.
sub planned {
    my ($out, $would) = @_;
    my %items;
    for my $row (map { decode_json($_) } split /\n/, $out) {
        $items{ $row->{order_item_id} } = short($row)
            if $row->{would} eq $would;
    }
    return \%items;
}

# { item => codes } of the bodies that came to the host.
sub received {
    my ($mock) = @_;
    my $items = ledger($mock);
    return { map { ($_ => join ' ', map { short($_) } @{ $items->{$_} }) }
        keys %$items };
}

sub check_plan {
    my ($name, $example, $path, $mock) = @_;
    my $before = files_of($path);
    my ($code, $out, $err) = plan_of($path, $example);
    is($code, $example->{plan} // 10, "$name: exit of the plan") or diag($err);
    my $planned = planned($out, 'release');
    is_deeply($planned, $example->{want}, "$name: what the plan says");
    is_deeply(files_of($path), $before, "$name: a plan leaves every file");
    is_deeply(writes($mock), [], "$name: a plan writes nothing at the host");
    return $planned;
}

sub check_run {
    my ($name, $example, $path, $mock, $planned) = @_;
    my ($code, $out, $err) = run_it($path, $example);
    is($code, $example->{run} // 0, "$name: exit of the run") or diag($err);
    my $received = received($mock);
    my @more = grep { !$planned->{$_} } keys %$received;
    is(scalar @more, $example->{more} // 0, "$name: nothing but what it said");
    delete @$received{@more};
    is_deeply($received, $planned, "$name: the ledger is the plan");
}

# A host that took it, or refused it for good, is not asked again.
sub check_again {
    my ($name, $example, $path, $mock) = @_;
    my $before = received($mock);
    run_it($path, $example);
    is_deeply(received($mock), $before, "$name: a second run sends nothing");
    my ($code, $out) = plan_of($path, $example);
    is_deeply(planned($out, 'release'), {}, "$name: a plan then says so");
}

for my $name (sort keys %examples) {
    my $example = $examples{$name};
    my $erp = -d "$root/examples/$name/erp"
        ? "$root/examples/$name/erp" : undef;
    my $copy = folder() . "/copy-$name"; # another user's is not believed
    system('cp', '-R', "$root/examples/$name", $copy) == 0 or die "cp: $?\n";
    my ($code, $out, $err) = omnitron('test', $copy);
    is($code, 0, "$name: its own tests") or diag($out . $err);
    cmp_ok(lines_of_lua(scripts($name)), '<=', $most,
        "$name: at most $most lines of Lua");

    my $mock = start_mock('--items', $example->{items} // '46761-46780',
        $erp ? ('--serve', $erp) : ());
    local $ENV{ $example->{url} // 'NO_URL' } = $mock->{url};
    my $path = installed($name, $example, $mock);
    my $planned = check_plan($name, $example, $path, $mock);
    my $script = "$path/" . ($example->{script} // 'release.lua');
    my @args = map {"$path/$_"} @{ $example->{args} // [] };
    ($code) = omnitron('plan', '--mock', $script, @args);
    is($code, $example->{plan} // 10, "$name: plan --mock");
    ($code) = omnitron('run', '--mock', $script, @args);
    is($code, $example->{run} // 0, "$name: run --mock");
    is_deeply(received($mock), {}, "$name: neither asks the profile's host");
    check_run($name, $example, $path, $mock, $planned);
    check_again($name, $example, $path, $mock);
    ok(stop_mock($mock), "$name: the mock ends well");
}

# csv-drop: what was not written to for a minute, and what is done, moves.
{
    my $mock = start_mock();
    rename folder() . '/csv-drop', folder() . '/csv-drop.before';
    my $path = installed('csv-drop', $examples{'csv-drop'}, $mock);
    my $head = "order;item;product;erp_doc;erp_line;note\n";
    my %files = (
        'done.csv' => "1;46761;A;SO-1;10;\n2;46762;B;SO-2;10;konsinye\n",
        'waits.csv' => "3;46763;C;SO-3;10;\n4;46764;D;;;\n",
        'fresh.csv' => "5;46765;E;SO-5;10;\n");
    for my $file (keys %files) {
        spill("$path/inbox/$file", $head . $files{$file});
        utime time - 300, time - 300, "$path/inbox/$file"
            if $file ne 'fresh.csv';
    }
    my $before = files_of($path);
    my ($mocked, undef, $said)
        = omnitron('run', '--mock', "$path/release.lua");
    is_deeply(files_of($path), $before, 'inbox: run --mock moves no file');
    like($said, qr{would move .*done\.csv to .*archive}, 'inbox: and says so');
    my $inbox = { plan => 10, want => { 46761 => 'SO-1/10',
        46762 => '-SO-2/10', 46763 => 'SO-3/10' } };
    my $planned = check_plan('inbox', $inbox, $path, $mock);
    check_run('inbox', $inbox, $path, $mock, $planned);
    is_deeply([map { s{.*/}{}r } glob "$path/*/*.csv"],
        ['done.csv', 'fresh.csv', 'waits.csv'], 'inbox: no file is lost');
    ok(-e "$path/archive/done.csv", 'inbox: a file that is done is archived');
    ok(-e "$path/inbox/waits.csv", 'inbox: one with a line that waits stays');
    ok(-e "$path/inbox/fresh.csv", 'inbox: so does one that may grow');
    my ($code, $out, $err) = run_it($path, { args => ['inbox/fresh.csv'] });
    is($code, 0, 'inbox: a file that is named') or diag($err);
    ok(-e "$path/inbox/fresh.csv", 'inbox: stays where it is');
    stop_mock($mock);
}

# waiting-orders, with an ERP that keeps what it gets.
{
    my $mock = start_mock('--items', '46761-46780');
    my $erp = start_erp(0);
    local $ENV{ERP_URL} = $erp->{url};
    rename folder() . '/waiting-orders', folder() . '/waiting-orders.before';
    my $orders = $examples{'waiting-orders'};
    my $path = installed('waiting-orders', $orders, $mock);
    check_plan('ERP', { want => {} }, $path, $mock);
    my @asked = erp_received($erp);
    is(scalar @asked, 8, 'ERP: the plan looks for each of the 8 orders');
    is_deeply([grep { !/^GET / } @asked], [], 'ERP: and makes none');
    my ($code, $out, $err) = omnitron('run', "$path/release.lua");
    is($code, 0, 'ERP: exit of the run') or diag($err);
    is(scalar erp_orders($erp), 8, 'ERP: the run makes each of them');
    is(scalar keys %{ ledger($mock) }, 20, 'ERP: all items are released');
    is(requests($mock)->{'PATCH orders/#/'}, 8, 'ERP: all are marked as sent');
    ($code) = omnitron('run', "$path/release.lua");
    is(scalar erp_orders($erp), 8, 'ERP: a second run finds nothing to do');
    stop_mock($mock);
    stop_erp($erp);
}

# The line for cron comes from the program, which knows the paths.
my $mock = start_mock();
for my $name (sort keys %examples) {
    my $readme = slurp("$root/examples/$name/README.md");
    unlike($readme, qr/(\*\s+){3}\*/, "$name: no crontab line by hand");
    my ($words) = $readme =~ /^    omnitron (cron .*\.lua.*)$/m;
    ok($words, "$name: how to get one") or next;
    system 'rm', '-rf', folder() . "/$name";
    chdir installed($name, $examples{$name}, $mock) or die;
    my ($code, $out, $err) = omnitron(split / /, $words);
    is("$code$err", '0', "$name: it is printed");
    like($out, qr{^\*/5 .* /\S*omnitron run .*/$name/\S+\.lua}m, "$name: whole");
    chdir '/';
}
stop_mock($mock);

done_testing;
