#!/bin/sh
# tries: a file that is replaced and cut while it is read
# bound: 60
# sent: <=3
(n=0; while [ $n -lt 100 ]; do : >lines.csv; printf "item;erp_doc\n1;SO-1\n" >lines.csv; n=$((n + 1)); done) &
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
