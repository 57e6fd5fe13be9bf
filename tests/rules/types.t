#!/usr/bin/perl
# types.t: scripts/types/omnitron.lua against the program itself. A test that
# the program runs writes down each function, field and option that a script
# has there; each has to be in the file, with its parameters, and none else.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $root = abs_path(dirname(__FILE__) . '/../..');
my $types = "$root/scripts/types/omnitron.lua";
my $folder = tempdir(CLEANUP => 1);

# What a script can see. The lists of options are read out of the refusals of
# an option that there cannot be.
my $probe = <<'LUA';
local out = assert(io.open("seen", "w"))
local function say(kind, name)
  out:write(kind, " ", name, "\n")
end
local function fields(class, ...)
  local names = {}
  for _, value in ipairs { ... } do
    for name in pairs(value) do names[name] = true end
  end
  for name in pairs(names) do say("field", class .. "." .. name) end
end
-- Of a table that has more.
local function some(class, value, ...)
  for _, name in ipairs { ... } do
    test.ok(value[name] ~= nil, name)
    say("field", class .. "." .. name)
  end
end
local function options(class, fn, ...)
  local _, why = pcall(fn, ...)
  local list = tostring(why):match("[kta][nhr]%w* ?[ai]?[rs]?e?: ([%w_, ]+)")
  for name in (list or "nothing: " .. tostring(why)):gmatch("[^, ]+") do
    say("field", class .. "." .. name)
  end
end

local LUA = {}
for word in ([[_G _VERSION arg assert collectgarbage coroutine dofile error
  getmetatable io ipairs load loadfile math next os package pairs pcall print
  rawequal rawget rawlen rawset require select setmetatable string table
  tonumber tostring type utf8 warn xpcall]]):gmatch("%S+") do
  LUA[word] = true
end
for name, value in pairs(_G) do
  if not LUA[name] then
    say(type(value) == "function" and "function" or "table", name)
    for key, field in pairs(type(value) == "table" and value or {}) do
      say(type(field) == "function" and "function" or "value", name .. "." .. key)
    end
  end
end

test("all that there is", function()
  local no = { no_such_option = true }
  options("http.Options", http.get, "http://127.0.0.1:1", no)
  options("http.ClientOptions", http.client, no)
  if http.lines then
    options("http.LinesOptions", http.lines, "http://127.0.0.1:1", no)
  end
  options("json.Options", json.decode, "1", no)
  options("csv.Options", csv.rows, no)
  options("fs.ListOptions", fs.list, ".", "*", no)
  options("omnitron.RowOptions", omnitron.release_all, {}, print, no)
  local client = http.client {}
  fields("http.Client", client)
  local release = { order_item_id = 46761, code = "SO-1/10" }
  local function rule() error("no") end
  fields("omnitron.Release", release, { update_stock = true })
  fields("omnitron.Mapping", omnitron.release(release),
    omnitron.release(release), { planned = true })
  fields("omnitron.Known", omnitron.known(46761))
  local summary = omnitron.release_all({ {} }, rule, { name = function()
    return "a name" end })
  fields("omnitron.Summary", summary, { stopped = true })
  fields("omnitron.Problem", summary.problems[1])
  fields("test.Entry", test.ledger()[1])
  local url = test.serve { ["POST /x"] = { json = {} } }
  local reply = http.post(url .. "/x", { json = {} })
  some("http.Reply", reply, "status", "headers", "body", "method", "url")
  local order = omnitron.waiting_orders()()
  some("omnitron.Order", order, "pk", "number", "orderitem_set")
  some("omnitron.OrderItem", order.orderitem_set[1], "pk")
  fields("test.Request", test.requests()[1])
  out:close()
end)
LUA

# What nobody but release_all calls.
my %internal = map { $_ => 1 } ('method CsvReader.prefix',
    'method CsvReader.pull', 'method CsvReader.unchanged');


sub write_file {
    my ($name, $text) = @_;
    open my $file, '>', "$folder/$name" or die "$folder/$name: $!";
    print $file $text;
    close $file or die "$folder/$name: $!";
    return;
}

sub lines_of {
    my ($path) = @_;
    open my $file, '<', $path or return ();
    chomp(my @lines = <$file>);
    return @lines;
}

# "function http.get" and so on, as the types say it; and what is wrong with
# them in themselves.
sub documented {
    my (@lines) = @_;
    my ($class, %seen, %params, @wrong);
    for (@lines) {
        if (/^---\@class ([\w.]+)/) {
            $class = $1;
        } elsif (/^---\@field (\w+)(\?)? \S/) {
            my $name = "$class.$1";
            $seen{ $name =~ s/lib\././ ? "value $name" : "field $name" }++;
        } elsif (/^---\@param (\w+)/) {
            $params{$1}++;
        } elsif (/^---/) {
            next;
        } elsif (/^function ([\w.:]+)\((.*)\) end$/) {
            my ($name, $list) = ($1, $2);
            my $kind = $name =~ s/:/./ ? 'method' : 'function';
            my $want = join ' ', sort grep { $_ ne '...' } split /, /, $list;
            my $has = join ' ', sort keys %params;
            push @wrong, "$name($list) documents: $has" if $want ne $has;
            $seen{"$kind $name"}++;
        } elsif (/^(\w+) = \{\}$/) {
            $seen{"table $1"}++;
        }
        %params = () unless /^---/;
    }
    push @wrong, map { "$_ is there twice" } grep { $seen{$_} > 1 } keys %seen;
    return (\%seen, sort @wrong);
}

# The methods of a type, which its metatable keeps from scripts: they are read
# out of the sources.
sub methods_in {
    my ($class, $path, $list, $name) = @_;
    my ($part) = join("\n", lines_of("$root/$path")) =~ $list;
    return map { "method $class.$_" } ($part // '') =~ /$name/g;
}

my @methods = (
    methods_in('CsvReader', 'host/modules/csv_rows.c',
        qr/luaL_Reg rows_methods\[\] = \{(.*?)\n\};/s, qr/\{"(\w+)"/),
    methods_in('Reply', 'scripts/lib/http_reply.lua', qr/(.*)/s,
        qr/function methods:(\w+)/));

write_file('probe_test.lua', $probe);
my $said = `cd $folder && $ENV{OMNITRON} test probe_test.lua 2>&1`;
my %there = map { $_ => 1 } grep { !$internal{$_} }
    (@methods, lines_of("$folder/seen"));
cmp_ok(scalar keys %there, '>', 100, 'the program says what it has')
    or diag($said);

my ($has, @wrong) = documented(lines_of($types));
is(join("\n", @wrong), '', 'each function has its parameters, once');
is(join("\n", sort grep { !$has->{$_} } keys %there), '',
    'all that a script has is in the types');
is(join("\n", sort grep { !$there{$_} } keys %$has), '',
    'and nothing that it has not');

SKIP: {
    skip 'no lua5.4 here', 1 if system('lua5.4 -v >/dev/null 2>&1') != 0;
    is(`lua5.4 $types 2>&1`, '', 'the file is Lua');
}

# What the reading must find.
my ($few, @found) = documented('---@class httplib', 'http = {}',
    '---@param a string', 'function http.get(url) end', '---@param a string',
    'function http.get(a) end');
is(join('; ', @found), 'function http.get is there twice; '
    . 'http.get(url) documents: a', 'wrong and double ones are found');
is(join(' ', sort keys %$few), 'function http.get table http',
    'names are read');
done_testing;
