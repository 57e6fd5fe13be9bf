#!/bin/sh
# tries: --summary, --metrics, --log-file and --html through a link to another file
# says: is a link: name the file itself
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
echo kept >"$HOME/victim"
ln -s "$HOME/victim" out
ln -s "$HOME/none" dangling
echo 'return function() return nil, "no" end' >rule.lua
for file in out dangling; do
    for option in --summary --log-file; do
        as "$OMNITRON" run --mock $option $file rule.lua lines.csv
        [ $code -eq 2 ] || exit 1
    done
    as "$OMNITRON" run --mock --metrics $file rule.lua lines.csv
    as "$OMNITRON" report --html $file
    [ $code -eq 2 ] || exit 1
done
[ "$(cat "$HOME/victim")" = kept ] && [ ! -e "$HOME/none" ]
