#!/bin/sh
# tries: a name that is now a file and now the journal, a hundred times a second, opened in a loop
# exit: 0
# bound: 90
cat >case.lua <<'END'
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
for _ = 1, 20000 do
  local file = io.open(here "swap")
  if file then
    local text = file:read(6)
    file:close()
    assert(text ~= "SQLite", "it was the journal")
  end
  pcall(csv.rows, here "swap")
end
END
echo plain >plain
(
    while :; do
        ln -s journal.db next && mv -f next swap
        cp plain next && mv -f next swap
    done
) 2>/dev/null &
race=$!
"$OMNITRON" run case.lua
code=$?
kill $race
exit $code
