#!/usr/bin/perl
# A journal that an older omnitron made. Who only looks reads it as it is and
# leaves it so; who writes brings it up, and wherever that is cut short, by a
# kill or by the disk, the file is of the one version or of the other.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use Rig;
use Test::More;

my $sql = "$FindBin::Bin/../unit/schema";
my $newest = 4;
my $places = 0;

sub ask {
    my ($db, @sql) = @_;
    my ($code, $out, $err) = finish(spawn('sql', 'sqlite3', $db, @sql));
    return $code == 0 ? $out : "sqlite3: exit $code: $err";
}

# What rows.sql lacks: a release on its way when its run died, and one that is
# confirmed in conflict has a cousin that is not.
my $more = <<~'END';
    INSERT INTO release (order_item_id, code, update_stock, state, attempts,
      attempt_stock, started_at, source, run, first_at, last_at)
     VALUES (30, 'S-30', 1, 'sending', 1, 1, 500, 'lines.csv:4', 1, 400, 600);
    INSERT INTO release (order_item_id, code, update_stock, state, attempts,
      attempt_stock, applied_stock, started_at, ms, sent, http_status, outcome,
      why, mapping_pk, source, run, first_at, last_at)
     VALUES (55, 'C-55', 0, 'confirmed', 1, 0, 0, 500, 9, 1, 201, 'applied',
      'a 201', 7055, 'lines.csv:7', 1, 400, 600);
    END

# An old journal as a file that was closed, and how it looks with its log.
my %templates = map { $_ => template($_) } 1 .. $newest - 1;

sub template {
    my ($version) = @_;
    my $db = folder() . "/old$version.db";
    ask($db, (map { "\n" . slurp("$sql/$_.sql") } 1 .. $version),
        "\n" . slurp("$sql/rows.sql"), $more, 'PRAGMA journal_mode = WAL');
    return slurp($db);
}

sub old_place {
    my ($version) = @_;
    my $path = folder() . '/old' . ++$places;
    mkdir $path or die "$path: $!\n";
    spill("$path/profile.lua",
        'return { url = "https://acme.omnitron.net", token_file = "token" }');
    spill("$path/token", "a-token-that-is-no-word\n", 0600);
    spill("$path/rules.lua", slurp("$sql/../../../scripts/init/csv/rules.lua"));
    lines("$path/lines.csv", 10, 60);
    spill("$path/journal.db", $templates{$version}, 0600);
    return $path;
}

# Everything that a file of version 1 can hold.
sub rows {
    my ($path) = @_;
    my $columns = 'order_item_id, code, update_stock, state, attempts,'
        . ' attempt_stock, applied_stock, started_at, ms, sent, curl,'
        . ' http_status, outcome, why, message, hex(reply), mapping_pk,'
        . ' content_type, integration_type, source, name, seen, run, first_at,'
        . ' last_at';
    return ask("$path/journal.db", "SELECT $columns FROM release",
        'SELECT * FROM attempt', 'SELECT * FROM audit',
        'SELECT * FROM conflict', 'SELECT * FROM cursor', 'SELECT id, host, created_at FROM meta',
        'SELECT id, started_at, ended_at, script, host, pid, exit, summary'
        . ' FROM run');
}

my $rows = rows(old_place(1));
like($rows, qr/30\|S-30/, 'the rows are read');

# --- readers

sub readers {
    my ($path) = @_;
    my @profile = ('--profile', "$path/profile.lua");
    return (
        list => ['journal', 'list', '--json', $path],
        open => ['journal', 'open', $path],
        show => ['journal', 'show', '--json', @profile, 40],
        'show of a conflict' => ['journal', 'show', @profile, 50],
        verify => ['journal', 'verify', '--json', $path],
        'export as CSV' => ['journal', 'export', '--csv', @profile],
        'export as JSON' => ['journal', 'export', '--json', @profile],
        why => ['why', @profile, 40],
        report => ['report', @profile],
    );
}

sub files {
    my ($path) = @_;
    return join ' ', map { my $bytes = slurp("$path/$_");
        "$_ " . unpack('%32C*', $bytes) . ' ' . length $bytes }
        grep { -e "$path/$_" } 'journal.db', 'journal.db-wal';
}

# { reader => what it said }
sub read_by_all {
    my ($title, $path) = @_;
    my %readers = readers($path);
    my %said;
    for my $name (sort keys %readers) {
        my $was = files($path);
        my ($code, $out, $err) = omnitron(@{ $readers{$name} });
        is($code, 0, "$title: $name reads it") or diag($err);
        is(files($path), $was, "$title: $name leaves it as it is");
        # What time it is now may be another minute's, or hour's.
        $said{$name} = $out =~ s/\Q$path\E/PATH/gr
            =~ s/ to \w+ \d+ \w+ \d\d:\d\d \(/ to NOW (/r
            =~ s/\b\d+ d \d+ h\b/AGE/gr;
    }
    my $was = files($path);
    my ($code, $out, $err) = omnitron('plan', '--json', "$path/rules.lua",
        "$path/lines.csv");
    is($code, 4, "$title: plan reads it") or diag($err);
    is(files($path), $was, "$title: plan leaves it as it is");
    $said{plan} = $out =~ s/\Q$path\E/PATH/gr;
    return \%said;
}

sub bring_up {
    my ($path) = @_;
    return finish(spawn('prune', @_[1 .. $#_], $ENV{OMNITRON}, 'journal',
            'prune', '--older-than', '9999w', '--profile',
            "$path/profile.lua"));
}

sub version {
    return ask("$_[0]/journal.db", 'PRAGMA user_version') =~ s/\n//r;
}

# Holds a log open beside the file, as a run that was killed leaves it.
sub leave_log {
    my ($path) = @_;
    my $other = "$path/other.db";
    spill($other, slurp("$path/journal.db"), 0600);
    my $pid = open my $in, '|-', 'sqlite3', $other or die "sqlite3: $!\n";
    print {$in} "PRAGMA wal_autocheckpoint = 0;\n",
        "UPDATE release SET name = 'in the log' WHERE order_item_id = 10;\n",
        ".shell touch $path/done\n";
    $in->flush;
    select undef, undef, undef, 0.02 until -e "$path/done";
    kill 'KILL', $pid;
    close $in;
    rename $other, "$path/journal.db";
    rename "$other-wal", "$path/journal.db-wal";
    unlink "$other-shm", "$path/done";
}

for my $version (1 .. $newest - 1) {
    my $title = "version $version";
    my $path = old_place($version);
    my $said = read_by_all($title, $path);
    my ($code, $out, $err) = omnitron('journal', 'backup', '--profile',
        "$path/profile.lua", "$path/copy.db");
    is($code, 0, "$title: backup copies it") or diag($err);
    is(ask("$path/copy.db", 'PRAGMA user_version'), "$version\n",
        "$title: and the copy is of that version");
    ok(!-e "$path/journal.db-wal", "$title: no file beside it");

    ($code, $out, $err) = bring_up($path);
    is($code, 0, "$title: who writes") or diag($err);
    is(version($path), $newest, "$title: brings it up");
    like($err, qr/was of version $version and is .* kept as .*db\.v$version$/m,
        "$title: and says so");
    ($code, $out, $err) = bring_up($path);
    is($err, '', "$title: once");
    rename "$path/journal.db", "$path/newer.db";
    rename "$path/journal.db.v$version", "$path/journal.db";
    is(version($path), $version, "$title: the copy is the journal as it was");
    is(rows($path), $rows, "$title: with its rows");
    rename "$path/journal.db", "$path/journal.db.v$version";
    rename "$path/newer.db", "$path/journal.db";
    is_deeply(read_by_all("$title, brought up", $path), $said,
        "$title: everybody says the same of it afterwards");

    $path = old_place($version);
    leave_log($path);
    $said = read_by_all("$title with a log", $path);
    like($said->{list}, qr/in the log/, "$title with a log: it is read");
}

# --- cut short

my %schema;
for my $version (1 .. $newest) {
    my $path = old_place($version == $newest ? $version - 1 : $version);
    bring_up($path) if $version == $newest;
    $schema{$version} = schema($path);
}

# The text of a table is that of its statements, whatever their spaces.
sub schema {
    my $text = ask("$_[0]/journal.db",
        'SELECT name, sql FROM sqlite_schema ORDER BY name');
    return $text =~ s/\s+//gr;
}


# The copies that were kept as it was: each whole, whenever it was cut short.
sub bad_copies {
    my ($path, $version) = @_;
    my @copies = grep { !/\.new-/ } glob "$path/journal.db.v*";
    my @bad;
    for my $copy (@copies) {
        my ($is) = $copy =~ /\.v(\d)(?:-2)?\z/ or push @bad, "a copy: $copy";
        my $as = folder() . "/copy$$";
        mkdir $as;
        spill("$as/journal.db", slurp($copy), 0600);
        my $check = ask("$as/journal.db", 'PRAGMA integrity_check');
        push @bad, "a copy is damaged: $check" if $check ne "ok\n";
        push @bad, 'a copy is of version ' . version($as)
            if version($as) ne $is || $is < $version;
        push @bad, 'a copy has other rows' if rows($as) ne $rows;
        push @bad, 'a copy that others may read'
            if ((stat $copy)[2] & 077) != 0;
        system 'rm', '-rf', $as;
    }
    push @bad, 'no copy' if !@copies && version($path) ne $version;
    return @bad;
}

# How many calls touch the file while it is brought up.
sub count_calls {
    my ($version) = @_;
    my $path = old_place($version);
    bring_up($path, 'env', preload(), "DISK_TRACE=$path/trace");
    return scalar grep { /^main \S+ \S/ } split /\n/, slurp("$path/trace");
}

sub cut_short {
    my ($case) = @_;
    my ($version, $fault) = @$case{qw(version fault)};
    my $path = old_place($version);
    my ($code, $out, $err) = bring_up($path, 'env', preload(),
        "DISK_FAULT=$fault");
    my @bad;
    push @bad, "exit $code: $err" if $code !~ /^(0|2|7|-9)$/;
    my $now = version($path);
    return { title => "$version $fault", bad => ["version '$now'"] }
        if $now !~ /^\d$/ || $now < $version || $now > $newest;
    push @bad, "not the tables of version $now"
        if schema($path) ne $schema{$now};
    push @bad, 'other rows' if rows($path) ne $rows;
    my $check = ask("$path/journal.db", 'PRAGMA integrity_check');
    push @bad, "integrity_check: $check" if $check ne "ok\n";
    push @bad, bad_copies($path, $version);
    ($code, $out, $err) = bring_up($path);
    push @bad, "the next: exit $code: $err" if $code != 0;
    push @bad, 'the next does not bring it up' if version($path) != $newest;
    push @bad, 'other rows in the end' if rows($path) ne $rows;
    push @bad, bad_copies($path, $version);
    system 'rm', '-rf', $path;
    return { title => "$version $fault", bad => \@bad, at => $now };
}

my @cases;
for my $version (1 .. $newest - 1) {
    my $calls = count_calls($version);
    cmp_ok($calls, '>', 30, "version $version: it takes $calls calls");
    push @cases, map { { version => $version, fault => "main:any:any:$_:kill" } }
        1 .. $calls;
    for my $what (5, 28, 'short') {
        push @cases, map { { version => $version,
                    fault => "main:pwrite:any:$_:$what" } } 1 .. 20;
    }
    push @cases, map { { version => $version,
                fault => "main:fdatasync:any:$_:5" } } 1 .. 8;
}
@cases = every(3, @cases);
# Two at a time, each with folders of its own.
my @answers = in_parallel(
    sub { $places = 1000 * $$ if $places < 1000; cut_short($_[0]) }, @cases);
is_deeply([map { my $a = $_; map {"$a->{title}: $_"} @{ $a->{bad} } } @answers],
    [], scalar @cases . ' are cut short: it is of one version, with its rows');
my %met;
$met{ $_->{at} }++ for grep { defined $_->{at} } @answers;
# Where a run would have room, and a copy has not.
SKIP: {
    my $at = mounted('small', '80m') or skip 'mount needs root', 3;
    my $path = old_place(1);
    ask("$path/journal.db", 'CREATE TABLE t (b); INSERT INTO t'
        . ' VALUES (zeroblob(9000000)); DROP TABLE t');
    system("cp -rp $path $at/acme") == 0 or die;
    my ($code, $out, $err) = bring_up("$at/acme");
    is($code, 7, 'no room for a copy') or diag($err);
    like($err, qr/is of version 1, and a copy .* needs \d+ MiB .* was changed/,
        'and it is said');
    is(version("$at/acme"), 1, 'nothing is changed');
}
ok($met{1} && $met{$newest}, 'some were cut short before and some after')
    or diag(explain(\%met));
done_testing;
