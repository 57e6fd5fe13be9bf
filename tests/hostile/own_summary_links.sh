#!/bin/sh
# tries: --summary, --metrics, --log-file, --html through links onto files of somebody else
# bound: 30
echo 'print(1)' >case.lua
for n in summary metrics.prom log page; do
    echo keep >"$HOME/$n"
    ln -s "$HOME/$n" "link-$n"
done
"$OMNITRON" run --summary link-summary case.lua
"$OMNITRON" run --metrics link-metrics.prom case.lua
"$OMNITRON" report --html link-page
for n in summary metrics.prom page; do
    [ "$(cat "$HOME/$n")" = keep ] || { echo "written through link-$n"; exit 1; }
done
