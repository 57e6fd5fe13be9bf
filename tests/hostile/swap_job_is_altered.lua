-- tries: to alter the table that release_all works with: its places, its queue, its counts
-- exit: 0 1 3 5 70
-- bound: 30
-- options: --deadline 3s
local real = xpcall
local n = 0
xpcall = function(fn, handler, job, ...)
  if type(job) == "table" and rawget(job, "places") then
    n = n + 1
    local keys = { "places", "queue", "keys", "idle", "spare", "running", "summary", "outbox", "latch", "over" }
    job[keys[n % #keys + 1]] = ({ {}, -1, true, false, "x" })[n % 5 + 1]
  end
  return real(fn, handler, job, ...)
end
for round = 1, 12 do
  print(pcall(omnitron.release_all, { round * 2, round * 2 + 1 }, function(row)
    sleep(0.001)
    return { order_item_id = row, code = "SO-" .. row, update_stock = true }
  end))
end
