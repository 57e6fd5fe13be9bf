-- tries: a rule that loops for one row; the others go on
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
omnitron.release_all(csv.rows(here "lines.csv"), function(row)
  if row.item == "2" then while true do pcall(error) end end
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end)
