-- tries: two tasks at one latch, and the outbox waited for by a stranger
-- exit: 0 1 3 5
-- bound: 30
-- options: --deadline 2s
local job
local real = xpcall
xpcall = function(fn, handler, first, ...)
  if type(first) == "table" and rawget(first, "latch") then job = first end
  return real(fn, handler, first, ...)
end
print(pcall(omnitron.release_all, { 1, 2, 3, 4 }, function(row)
  if job and row == 2 then pcall(job.latch.wait, job.latch) end
  if job and row == 3 then pcall(job.latch.wait, job.latch) end
  if job and row == 4 and job.outbox then pcall(job.outbox.wait, job.outbox) end
  sleep(0.01)
  return { order_item_id = row, code = "SO-" .. row, update_stock = true }
end, { at_once = 4 }))
