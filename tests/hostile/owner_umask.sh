#!/bin/sh
# tries: umask 000 while a customer is made and run
# sent: 0
as() { out=$("$@" 2>&1); code=$?; echo "$out"; echo "exit $code"; }
refused() { as "$@"; [ $code -eq 2 ] && ! echo "$out" | grep -q EVALUATED || { echo "NOT REFUSED: $*"; exit 1; }; }
umask 000
"$OMNITRON" init acme >/dev/null
"$OMNITRON" run --mock --journal acme/journal.db --log-file acme/log --summary acme/s --metrics acme/m.prom acme/release.lua acme/sample.csv >/dev/null 2>&1
open=$(find acme -perm /022 ! -type l)
echo "open: $open"
[ -z "$open" ] && [ "$(stat -c %a acme/token)" = 600 ] && [ "$(stat -c %a acme/journal.db)" = 600 ]
