-- A script's own loop: what it leaves out falls out silently.
for row in csv.rows("lines.csv") do
  if row.line ~= "20" then
    local got, why, kind = omnitron.release { order_item_id = row.item, code = row.line }
    print(row.item, got and got.planned, why, kind)
  end
end
print(omnitron.planning, omnitron.known(1) and omnitron.known(1).state, omnitron.recall("at"))
omnitron.remember("at", 7)
print(omnitron.recall("at"))
print(pcall(io.open, "x", "w"))
print(pcall(os.remove, "lines.csv"))
