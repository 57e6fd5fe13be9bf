-- tries: a row with 200,000 releases
-- profile: memory = "64M",
-- exit: 3
-- says: one row gives at most 10000 releases; this one has 200000
-- sent: 0
omnitron.release_all({ { 1 } }, function()
  local t = {}
  for i = 1, 200000 do t[i] = { order_item_id = i, code = "C" .. i } end
  return t
end)
