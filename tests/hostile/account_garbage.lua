-- tries: to fill the memory with garbage, whose finalizers ask for more
-- profile: memory = "16M",
-- exit: 0 3
-- sent: 1
for i = 1, 2000 do
  setmetatable({ ("x"):rep(10000) .. i }, { __gc = function(t)
    t[2] = pcall(csv.rows, "lines.csv") and t[1] .. "y"
  end })
end
omnitron.release_all({ { 1 } }, function()
  return { order_item_id = 1, code = "C" }
end)
