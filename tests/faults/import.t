#!/usr/bin/perl
# An import that is killed, or whose disk fails, at each of its calls: the
# journal has all of it or nothing, is whole, and the next import completes it.
# And one of real size, in little memory.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Disk;
use Rig;
use Test::More;

my $places = 0;
my $lines = 300;

sub place_of_import {
    my ($count) = @_;
    my $path = folder() . "/import$$-" . ++$places;
    mkdir $path or die "$path: $!\n";
    spill("$path/done.csv", join '', "order_item_id;code;update_stock\n",
        map {"$_;SO-$_/10;" . ($_ % 3 ? "1\n" : "0\n")} 1 .. $count);
    my ($code, $out, $err) = omnitron('journal', 'new', $path);
    die $err if $code != 0;
    return $path;
}

sub import_it {
    my ($path, @with) = @_;
    return finish(spawn("import$$", @with, $ENV{OMNITRON}, 'journal', 'import',
            '--journal', "$path/journal.db", '--note', 'by the old script',
            "$path/done.csv"));
}

sub ask {
    my ($path, @sql) = @_;
    my ($code, $out, $err) = finish(spawn("sql$$", 'sqlite3',
            "$path/journal.db", @sql));
    return $code == 0 ? $out =~ s/\n\z//r : "sqlite3: exit $code: $err";
}

sub counts {
    return ask($_[0], "SELECT (SELECT count(*) FROM release WHERE state ="
        . " 'confirmed') || ' ' || (SELECT count(*) FROM audit)");
}

sub count_calls {
    my $path = place_of_import($lines);
    my ($code) = import_it($path, 'env', preload(), "DISK_TRACE=$path/trace");
    is($code, 0, 'an import that nobody kills');
    is(counts($path), "$lines $lines", 'takes all');
    return scalar grep { /^main/ } split /\n/, slurp("$path/trace");
}

sub cut_short {
    my ($fault) = @_;
    my $path = place_of_import($lines);
    my ($code, $out, $err) = import_it($path, 'env', preload(),
        "DISK_FAULT=$fault");
    my @bad;
    push @bad, "exit $code: $err" if $code !~ /^(0|2|7|-9)$/;
    my $check = ask($path, 'PRAGMA integrity_check');
    push @bad, "integrity_check: $check" if $check ne 'ok';
    my $now = counts($path);
    push @bad, "it has $now" if $now ne '0 0' && $now ne "$lines $lines";
    # What a failed sync was for may be there all the same.
    push @bad, "it failed, and has $now"
        if $code == 7 && $now ne '0 0' && $fault !~ /fdatasync/;
    push @bad, "it went well, and has $now"
        if $code == 0 && $now ne "$lines $lines";
    ($code, $out, $err) = import_it($path);
    push @bad, "the next: exit $code: $err" if $code != 0;
    $now = counts($path);
    push @bad, "in the end it has $now" if $now ne "$lines $lines";
    system 'rm', '-rf', $path;
    return [map {"$fault: $_"} @bad];
}

my $calls = count_calls();
my @faults = map {"main:any:any:$_:kill"} 1 .. $calls;
push @faults, map { my $what = $_; map {"main:pwrite:any:$_:$what"} 1 .. 20 }
    5, 28, 'short';
push @faults, map {"main:fdatasync:any:$_:5"} 1 .. 4;
my @cases = every(2, @faults);
my @answers = in_parallel(\&cut_short, @cases);
is_deeply([map {@$_} @answers], [], scalar @cases . ' are cut short');

# The size of a customer's first day.
my $many = is_asan() ? 5000 : 100_000;
my $path = place_of_import($many);
my ($code, $out, $err) = import_it($path, 'env',
    "LD_PRELOAD=$ENV{BUILD}/faults/usage.so", "USAGE_FILE=$path/usage");
is($code, 0, "$many lines") or diag($err);
is(counts($path), "$many $many", 'all of them');
my ($kib) = split / /, slurp("$path/usage") // '0';
SKIP: {
    skip 'a sanitizer keeps what was freed', 1 if is_asan();
    cmp_ok($kib, '<', 64 << 10, "in little memory: $kib KiB");
}
($code, $out, $err) = omnitron('journal', 'verify', $path);
is($code, 0, 'and it is whole') or diag($out);
done_testing;
