-- tries: a rule that hangs at one row: it is said at which
-- exit: 143
-- signal: TERM 1
-- says: case\.lua:9 did not come back within a second of SIGTERM \(at lines\.csv:3\)
-- args: lines.csv
-- sent: <=1
return function(row)
  if row.item == "2" then
    while true do pcall(error) end
  end
  return { order_item_id = row.item, code = row.erp_doc }
end
