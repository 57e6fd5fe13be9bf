#!/usr/bin/perl
# check_parser.t: the globals that scripts/check/parser.lua sees in a chunk
# are those that Lua's own compiler sees, in every Lua file here and in one of
# all there is of the language.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $root = dirname(__FILE__) . '/../..';
my $folder = tempdir(CLEANUP => 1);

plan skip_all => 'no luac5.4 here'
    if system('luac5.4 -v >/dev/null 2>&1') || system('lua5.4 -v >/dev/null 2>&1');

sub write_file {
    my ($name, $text) = @_;
    open my $file, '>', "$folder/$name" or die "$folder/$name: $!";
    print $file $text;
    close $file or die "$folder/$name: $!";
    return "$folder/$name";
}

my $reader = write_file('reader.lua', <<'LUA');
local dir, path = ...
local lex = assert(loadfile(dir .. "/lexer.lua"))()
local statements = assert(loadfile(dir .. "/statements.lua"))()
local parse = assert(loadfile(dir .. "/parser.lua"))(lex, statements)
local targets = {}
local function walk(node)
  for i = 1, node.kind == "assign" and node.targets or 0 do
    targets[node[i]] = true
  end
  local env = node.kind == "index" and node.key and node[1]
  env = env and env.name == "_ENV" and not env.var
  if env or node.kind == "name" and not node.var and not node.hidden
    and node.name ~= "_ENV" then
    print((targets[node] and "SET " or "GET ") .. (env and node.key or node.name))
  end
  for _, child in ipairs(node) do
    walk(child)
  end
end
walk((parse(assert(io.open(path, "rb")):read("a"))))
LUA

my $everything = <<'LUA';
-- comment --[[ not long
--[==[ long ]] ]=] comment = g0 ]==] a = g1 --[[]] + g2
local ca <const>, b <close> = a, nil
local s, t = 'it\'s \z
  g3 "x"', "\"'\\" .. g4 .. [[
  g5 ]] .. [==[ ]] g6 ]==] .. 'a\
b'
print(ca, b, 0x1p-4, 0xA.8p1, 1e+5, .5, 3., 0xep1 - g7, 1 // g8, 2 ~ g9, ~g10)
local function f(x, ...) local f2 = f; return f2, x, select("#", ...), y end
local g = function(g) return g, h end
function a.b.c:d(e) return self, e, e2 end
function glob(p) glob, p = p, glob end
for i = i, j, k do local i = i; print(i, l) end
for k, v in pairs(k), v do local w = k .. v end
do local l1, l2, l3 = l1, l2; do local l4 = l1 + l4 end print(l3, l4) end
print(l1, l2, l3)
while m do local m = m; if m then break else local n = n end print(n) end
repeat local q = q; local r = q until q and r and u
print(q, r)
if c1 then local d1 elseif c2 then print(d1) else goto done end
::done:: ; ;
do local _ENV = { z = z }; z, zz.z = z2, _ENV.q end
_ENV.e1, _ENV["e2"] = _ENV.e3, _ENV["e4"]
local function env(_ENV) return inside, _ENV.inside end
t.x, t[y1], t["y"], new = not y2, #y3, -y4 ^ -y5, { y6, y7 = y8, [y9] = y10; f {} }
f "text" [[text]] { y11 } (y12):y13(y14).y15[y16] "x"
local x1 = x1; local x1 = x1 + x2
a = b == c and d ~= e or f <= g and h >= i or j < k, l > m << n >> o & p | q
goto1 = function() return function() return s, up end, { function() up = t end } end
return (...)(a)(b1), ..., { ... }
LUA

sub sorted {
    return join '', sort @_;
}

sub compare {
    my ($name, $path) = @_;
    my @seen = `lua5.4 $reader $root/scripts/check $path 2>&1`;
    my @want = map { /([GS]ET)TABUP.*; _ENV "([^"]*)"/ ? "$1 $2\n" : () }
        `luac5.4 -l -p $path 2>&1`;
    cmp_ok(scalar @want, '>', 60, "$name: its globals are read")
        if $name eq 'everything';
    is(sorted(@seen), sorted(@want), $name);
}

compare('everything', write_file('everything.lua', $everything));
for my $path (sort split /\n/,
    `find $root/scripts $root/examples $root/tests -name '*.lua'`)
{
    my $text = do { local (@ARGV, $/) = $path; <> };
    $text =~ s/^\xEF\xBB\xBF//;
    $text =~ s/^#.*//;
    my $copy = write_file('copy.lua', $text);
    compare($path =~ s/^\Q$root\E.//r, $copy)
        if system("luac5.4 -p $copy 2>/dev/null") == 0;
}
done_testing;
