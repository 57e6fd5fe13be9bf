#!/bin/sh
# tries: a header of 20 MB
# bound: 60
# sent: <=3
head -c 20000000 /dev/zero | tr "\0" x >lines.csv; printf ";item;erp_doc\n1;2;3\n" >>lines.csv
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
