#!/bin/sh
# tries: bytes that are no UTF-8, escapes, marks that turn text
# bound: 60
# sent: <=3
printf "item;erp_doc;\033[2J\342\200\256\n1;SO-1\033[2J;x\n2;\377\376;y\n3;\342\200\256SO;z\n" >lines.csv
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
