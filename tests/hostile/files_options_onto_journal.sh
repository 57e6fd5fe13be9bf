#!/bin/sh
# tries: --log-file, --summary and --html onto the journal and its link
# exit: 0
ln -s journal.db link.html
before=$(stat -c %i journal.db)
: >case.lua
for option in --log-file --summary; do
    for target in journal.db link.html ./journal.db journal.db-wal; do
        "$OMNITRON" run $option $target case.lua
        [ $? = 2 ] || { echo "$option $target was taken"; exit 1; }
    done
done
"$OMNITRON" report --html journal.db && exit 1
"$OMNITRON" report --html link.html && exit 1
[ "$(stat -c %i journal.db)" = "$before" ] && "$OMNITRON" journal verify
