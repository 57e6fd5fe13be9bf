-- tries: to move a cursor or archive a file after a SIGTERM: release_all must never return
-- exit: 143
-- signal: TERM 1
-- bound: 30
-- after: test ! -e moved/lines.csv
-- after: ! "$OMNITRON" recall late
-- setup: mkdir moved
pcall(omnitron.release_all, csv.rows(here "lines.csv"), function(row)
  pcall(sleep, 3)
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end, { at_once = 1 })
omnitron.remember("late", 99)
fs.move(here "lines.csv", here "moved")
