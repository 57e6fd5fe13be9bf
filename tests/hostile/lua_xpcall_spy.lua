-- tries: replaced xpcall and pcall, which are handed what release_all works with
-- exit: 0
-- says: nothing was handed out
-- never: has the outbox
-- sent: 3
local handed
local function spy(real)
  return function(...)
    for _, value in ipairs { ... } do
      if type(value) == "table" and rawget(value, "outbox") then
        handed = value.outbox
      end
    end
    return real(...)
  end
end
xpcall, pcall = spy(xpcall), spy(pcall)

omnitron.release_all(csv.rows "lines.csv", function(row)
  return { order_item_id = row.item, code = row.erp_doc }
end)
if handed then
  print("a script has the outbox")
  table.sort({ 3, 2, 1 }, function() handed:wait() return false end)
  handed:open()
  handed:open()
end
print("nothing was handed out")
