-- tries: a row whose releases alone need more than the memory
-- profile: memory = "16M",
-- exit: 3
-- says: memory: the releases of this row, 9000 of them
-- sent: 0
omnitron.release_all({ { 1 } }, function()
  local t = {}
  for i = 1, 9000 do t[i] = { order_item_id = i, code = "C" .. i } end
  return t
end)
