-- tries: to take all descriptors: files, csv readers, streams, coroutines that hold them
-- exit: 0 1 3 5
-- bound: 40
-- options: --deadline 10s
-- setup: ulimit -n 64
-- sent: <=2
local all = {}
for n = 1, 5000 do
  local ok, file = pcall(io.open, here "lines.csv")
  if not ok or not file then break end
  all[n] = file
end
print(#all, pcall(io.open, here "lines.csv"))
print(pcall(csv.rows, here "lines.csv"))
print(pcall(http.get, arg[1] .. "/x"))
print(pcall(omnitron.release, { order_item_id = 1, code = "SO-1", update_stock = true }))
all = nil
collectgarbage()
print(pcall(omnitron.release, { order_item_id = 2, code = "SO-2", update_stock = true }))
