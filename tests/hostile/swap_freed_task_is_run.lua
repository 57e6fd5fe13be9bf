-- tries: a task queues itself by the outbox of its job, ends, and is run once more when its memory is another's
-- exit: 0 3
-- never: cannot resume
-- bound: 30
-- options: --deadline 3s
local real, job = xpcall, nil
xpcall = function(fn, handler, first, ...)
  if type(first) == "table" and rawget(first, "outbox") and not job then
    job = first
  end
  return real(fn, handler, first, ...)
end
local other = {}
print(pcall(omnitron.release_all, { 1, 2 }, function(row)
  if job then
    for _ = 1, 3 do
      pcall(table.sort, { 3, 2, 1 }, function(a, b) job.outbox:wait() return a < b end)
      job.outbox:open()
    end
    job.over = true
    setmetatable({}, { __gc = function()
      for i = 1, 200 do other[i] = ("A"):rep(60 + i) end
    end })
    collectgarbage()
  end
  return { order_item_id = row, code = "SO-" .. row, update_stock = true }
end))
