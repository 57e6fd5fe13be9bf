#!/bin/sh
# lua.t: the *_test.lua files beside this one, by `omnitron test`; and once
# more with a collector that hardly rests. A run that did not come to its end
# is a failure of its own.
set -u
# In a copy: what another user checked out would not be believed.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp -R "$(dirname "$0")" "$work/lua" && cd "$work/lua" || exit 1
out=$work/out
trap 'exit 1' HUP INT TERM

n=0 failed=0
for collector in usual always; do
    COLLECTOR=$collector "$OMNITRON" test . >"$out" 2>&1 || failed=1
    sed -e '/^1\.\.[0-9]*$/d' "$out" | awk -v n=$n -v how=$collector '
        /^(not )?ok / { n++; sub(/ok [0-9]+ -/, "ok " n " - " how ":") }
        { print }'
    n=$((n + $(grep -c -E '^(not )?ok ' "$out")))
    n=$((n + 1))
    grep -q '^1\.\.[1-9]' "$out" || { printf 'not ' && failed=1; }
    echo "ok $n - $collector: came to its end"
done
echo "1..$n"
exit $failed
