#!/bin/sh
# cli.t [--accept] [CASE...]: every folder beside this file is one case.
#
# `cmd` is run by sh in a copy of its folder, with omnitron on the PATH. What
# it prints must be `out` and `err`, how it ends `exit`; a file that is absent
# stands for nothing, or for 0. What changes from run to run is made equal
# first. --accept writes what came, to be read before it is committed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1
export TERM=dumb # a person's, who hears everything, and not cron's

accept=
[ "${1-}" = --accept ] && accept=yes && shift

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/bin" "$work/got"
ln -s "$OMNITRON" "$work/bin/omnitron"
PATH=$work/bin:$PATH

same() {
    day='[0-9]{4}-[0-9]{2}-[0-9]{2}'
    hour='[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?'
    sed -E -e "s|$work|DIR|g" \
        -e 's/127\.0\.0\.1:[0-9]+/127.0.0.1:PORT/g' \
        -e "s/$day[T ]$hour(Z| ?[+-][0-9]{2}:?[0-9]{2})?/TIME/g" \
        -e "s/(at|since) $hour/\\1 TIME/g" \
        -e 's/(^|[.] )[0-9]+[.][0-9] s([.]|$)/\1N s\2/' \
        -e 's/"seconds":[0-9.]+/"seconds":N/' \
        -e 's/"ms":[0-9]+/"ms":N/g' \
        -e 's/, [0-9]+ ms:/, N ms:/' \
        -e 's/process [0-9]+/process N/g' "$1"
}

# Leaves out, err, exit and nothing that differs from run to run.
run_case() {
    rm -rf "${work:?}/case"
    cp -R "$here/$1" "$work/case"
    (cd "$work/case" && rm -f out err exit && sh ./cmd) \
        >"$work/raw.out" 2>"$work/raw.err" </dev/null
    echo $? >"$work/got/exit"
    same "$work/raw.out" >"$work/got/out"
    same "$work/raw.err" >"$work/got/err"
}

expected() {
    if [ -f "$here/$1/$2" ]; then
        cat "$here/$1/$2"
    elif [ "$2" = exit ]; then
        echo 0
    fi
}

differences() {
    equal=0
    for part in exit out err; do
        expected "$1" $part >"$work/want"
        diff -u --label "expected $part" --label "$part" \
            "$work/want" "$work/got/$part" || equal=1
    done
    return $equal
}

keep() {
    for part in exit out err; do
        rm -f "$here/$1/$part"
        expected "$1" $part | cmp -s - "$work/got/$part" ||
            cp "$work/got/$part" "$here/$1/$part"
    done
}

[ $# -gt 0 ] || set -- $(cd "$here" && ls -d */ | tr -d /)
echo "1..$#"
n=0 failed=0
for name; do
    n=$((n + 1))
    run_case "$name"
    [ -n "$accept" ] && keep "$name"
    if differences "$name" >"$work/diff"; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        sed 's/^/# /' "$work/diff"
        failed=$((failed + 1))
    fi
done
[ $failed -eq 0 ]
