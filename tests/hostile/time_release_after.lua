-- tries: goes on releasing after the signal
-- exit: 143
-- signal: TERM 1
-- never: it came back
local item = 100
while true do
  item = item + 1
  pcall(omnitron.release, { order_item_id = item, code = "SO-" .. item })
  pcall(sleep, 0.01)
end
