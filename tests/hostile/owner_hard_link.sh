#!/bin/sh
# tries: a log file that has a second name elsewhere
# says: has a second name
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
echo kept >"$HOME/victim"
ln "$HOME/victim" log
echo 'log.info "written"' >rule.lua
as "$OMNITRON" run --mock --log-file log rule.lua
[ $code -eq 2 ] && [ "$(cat "$HOME/victim")" = kept ]
