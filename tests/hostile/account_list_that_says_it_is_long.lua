-- tries: a list of releases that is as long as an integer goes
-- profile: memory = "16M",
-- exit: 1 3
-- sent: <=1
omnitron.release_all({ { 1 } }, function()
  local t = setmetatable({ { order_item_id = 1, code = "C" } },
    { __len = function() return math.maxinteger end })
  t[1 << 40] = { order_item_id = 2, code = "D" }
  t[math.maxinteger] = { order_item_id = 3, code = "E" }
  return t
end)
error("the end")
