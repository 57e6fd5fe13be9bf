#!/usr/bin/perl
# check_tree.t: the globals that scripts/check/tree.lua sees in a chunk, by
# luacheck, are those that Lua's own compiler sees, in every Lua file here and
# in one of all there is of the language.
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

my $luacheck = (glob '/usr/share/lua/5.*/luacheck')[0] or BAIL_OUT('no luacheck');
my $reader = write_file('reader.lua', "local LUACHECK = '$luacheck'\n" . <<'LUA');
local dir, path = ...
local function load_with(name, globals)
  return assert(loadfile(name, "t", globals))
end
local globals = setmetatable({}, { __index = _G })
local function part(name)
  local file = io.open(LUACHECK .. "/" .. name:gsub("^luacheck/", ""))
  return file and file:close()
    and load_with(LUACHECK .. "/" .. name:gsub("^luacheck/", ""), globals)
end
-- No global is known to it.
local nothing = setmetatable({ _G = {} }, { __index = _G })
local luacheck = load_with(dir .. "/luacheck.lua", nothing)(part, globals)
local tree = load_with(dir .. "/tree.lua", _G)(luacheck)
local file = { text = assert(io.open(path, "rb")):read("a") }
tree.grow(file)
assert(not file.refused, file.refused and file.refused.message)
for _, warning in ipairs(file.warnings) do
  if warning.code:find("^11") and not tree.is_hidden(file, warning.at) then
    print((warning.code == "111" and "SET " or "GET ") .. warning.name)
  end
end
tree.walk(file.tree, function(node)
  local object = node.tag == "Index" and node[1]
  if object and object[1] == "_ENV" and object.tag == "Id" and not object.var
    and tree.key(node) then
    print((node.target and "SET " or "GET ") .. tree.key(node))
  end
end)
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
    $text =~ s/luacheck:/of it:/g; # its comments take warnings back
    my $copy = write_file('copy.lua', $text);
    compare($path =~ s/^\Q$root\E.//r, $copy)
        if system("luac5.4 -p $copy 2>/dev/null") == 0;
}
done_testing;
