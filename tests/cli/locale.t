#!/bin/sh
# locale.t: scripts and commands see the same whatever the user's locale is. A
# Turkish one has another small I, and knows letters beyond ASCII where it has
# one byte for each.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

export LOCPATH="$work"
# glibc 2.36 loses what it makes of LOCPATH; what we lose is looked for by the
# same cases and tests without it.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
for charset in UTF-8 ISO-8859-9; do
    localedef -i tr_TR -f $charset "$work/tr_TR.$charset" 2>/dev/null || {
        echo '1..0 # skip no localedef, or no tr_TR: package locales'
        exit 0
    }
done

n=0 failed=0
is() { # NAME STATUS
    n=$((n + 1))
    [ "$2" = 0 ] || { printf 'not ' && failed=1; }
    echo "ok $n - $1"
}

cat >"$work/letters.lua" <<'LUA'
local all = {}
for byte = 1, 255 do
  local c = string.char(byte)
  all[#all + 1] = c:lower() .. c:upper()
    .. (c:find "%a" and "a" or "") .. (c:find "%p" and "p" or "")
    .. (c:find "%s" and "s" or "") .. (c:find "%w" and "w" or "")
    .. (c:find "%c" and "c" or "") .. (c:find "%u" and "u" or "")
end
print(table.concat(all))
print(("KONSINYE ID"):lower(), ("iptal"):upper(), 1.5, ("%.2f"):format(2.5))
print(tonumber "1,5", tonumber "1.5", os.date("!%A %B", 0))
for _, path in ipairs(fs.list(arg[1], "*.ini")) do print(path) end
LUA
mkdir "$work/inbox"
: >"$work/inbox/LINES.INI"
for locale in C.UTF-8 tr_TR.UTF-8 tr_TR.ISO-8859-9 C POSIX; do
    LC_ALL=$locale "$OMNITRON" run --mock "$work/letters.lua" "$work/inbox" \
        >"$work/$locale.out" 2>&1
    cmp -s "$work/C.UTF-8.out" "$work/$locale.out"
    is "letters and numbers in $locale" $?
done
grep -q LINES.INI "$work/C.UTF-8.out"
is 'a pattern fits capital letters, too' $?

# The locale is there: without it all of this would say nothing.
[ "$(LC_ALL=tr_TR.ISO-8859-9 locale charmap 2>&1)" = ISO-8859-9 ]
is 'the locale can be used' $?

LC_ALL=tr_TR.UTF-8 sh "$here/../lua/lua.t" >"$work/lua.out" 2>&1
is 'the Lua tests in tr_TR.UTF-8' $?
grep '^not ok' "$work/lua.out" | sed 's/^/# /'
for locale in tr_TR.UTF-8 tr_TR.ISO-8859-9; do
    # In one byte a letter: those that read files and texts.
    case $locale in
    *UTF-8) T= ;;
    *) T=csv ;;
    esac
    CASES_LOCALE=$locale T=$T sh "$here/cases" >"$work/cases.out" 2>&1
    is "the commands in $locale" $?
    grep -A20 '^not ok' "$work/cases.out" | sed 's/^/# /'
done
echo "1..$n"
exit $failed
