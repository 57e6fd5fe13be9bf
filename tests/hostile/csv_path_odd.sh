#!/bin/sh
# tries: names of files with line ends, escapes, quotes, dashes, bytes that are no UTF-8
# bound: 60
# sent: <=3
file=$(printf "x\n\033[2J\"\\047\342\200\256\377 -y.csv"); cp lines.csv "./$file"; sed -i s/rule.lua/rule.lua/ profile.lua
cat >rule.lua <<'END'
return function(row)
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end
END
for command in run plan; do
    "$OMNITRON" $command rule.lua "${file:-lines.csv}" >out 2>&1
    code=$?
    tail -5 out
    echo "$command $code"
    [ $code -le 10 ] || exit 1
    tr -d '\n' <out | grep -q "$(printf '\033')" && echo RAW && exit 1
done
"$OMNITRON" why 1 >out 2>&1
tr -d '\n' <out | grep -q "$(printf '\033')" && echo RAW && exit 1
true
