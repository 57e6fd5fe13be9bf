# To be read by a case: case.lua runs up to `waits()`, sqlite3 looks at the
# journal, case.lua goes on, the run is killed, and another one releases it all.
cat >waits.lua <<'END'
return function()
  io.open(here "now", "w"):close()
  for _ = 1, 600 do
    local file = io.open(here "go")
    if file then
      file:close()
      break
    end
    sleep(0.05)
  end
  omnitron.release { order_item_id = 2, code = "SO-2", update_stock = true }
  io.open(here "done", "w"):close()
  sleep(30)
end
END
cat >again.lua <<'END'
for n = 1, 3 do
  omnitron.release { order_item_id = n, code = "SO-" .. n, update_stock = true }
end
END
comes() {
    n=0
    while [ ! -e "$1" ] && kill -0 $run 2>/dev/null && [ $n -lt 400 ]; do
        sleep 0.05
        n=$((n + 1))
    done
}
"$OMNITRON" run case.lua "$EVIL" "$MOCK" &
run=$!
comes now
sqlite3 journal.db 'SELECT count(*) FROM release' >/dev/null
: >go
comes done
kill -9 $run 2>/dev/null
wait $run 2>/dev/null
"$OMNITRON" run again.lua
