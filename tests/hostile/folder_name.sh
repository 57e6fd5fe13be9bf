#!/bin/sh
# tries: a customer's folder whose name has line ends, escapes, quotes and shell words in it
# bound: 40
name=$(printf 'a\n\033]0;x\007\033[2J$(touch hit)`touch hit`;touch hit;"'"'"'\342\200\256')
mkdir "$name"
cp profile.lua journal.db lines.csv "$name"/
cp token "$name/token"
chmod 600 "$name/token" "$name/journal.db"
echo 'omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true } error("x")' >"$name/case.lua"
for command in "run" "plan" "check" "cron"; do
    "$OMNITRON" $command "$name/case.lua" >>out 2>&1
done
for command in "doctor" "journal list" "journal open" "journal verify" "test"; do
    "$OMNITRON" $command "$name" >>out 2>&1
done
for command in "why 1" report recall "journal show 1" "journal export --json"; do
    "$OMNITRON" ${command%% *} --profile "$name/profile.lua" ${command#* } >>out 2>&1
done
"$OMNITRON" init "$name/new" >>out 2>&1
"$OMNITRON" run "$name/none.lua" >>out 2>&1
"$OMNITRON" run "$(printf 'x\033[2J.lua')" >>out 2>&1
rm -r "$name"
grep -n "$(printf '\033')" out && echo RAW && exit 1
grep -n "$(printf '\007')" out && echo RAW && exit 1
[ ! -e hit ]
