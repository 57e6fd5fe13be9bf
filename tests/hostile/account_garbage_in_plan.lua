-- tries: a plan of more garbage than there is memory
-- command: plan
-- profile: memory = "16M",
-- exit: 10
-- says: 20 lines: 20 to release
-- never: needs more than
-- never: not enough memory
collectgarbage("stop")
local rows = {}
for i = 1, 20 do rows[i] = { i } end
omnitron.release_all(rows, function(row)
  local most, i = 15 * 1024, 0
  while collectgarbage("count") < most do
    i = i + 1
    local _ = ("x"):rep(4000) .. i
  end
  return { order_item_id = row[1], code = "C-" .. row[1] }
end)
