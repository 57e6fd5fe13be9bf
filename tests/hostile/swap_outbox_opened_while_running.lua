-- tries: to open the outbox and latches whose tasks run already, and twice
-- exit: 0 1 3 5
-- bound: 30
-- options: --deadline 3s
local jobs = {}
local function keep(real)
  return function(...)
    for i = 1, select("#", ...) do
      local value = select(i, ...)
      if type(value) == "table" then jobs[value] = true end
    end
    return real(...)
  end
end
for _, name in ipairs { "xpcall", "pcall", "type", "next", "tostring", "ipairs", "rawget", "rawlen", "select" } do
  _G[name] = keep(_G[name])
end
local function open_all()
  for job in next, jobs do
    for _, key in ipairs { "outbox", "latch" } do
      local it = rawget(job, key)
      if it then
        it:open() it:open() it:open()
      end
    end
  end
end
print(pcall(omnitron.release_all, { 1, 2, 3 }, function(row)
  open_all()
  sleep(0.01)
  open_all()
  return { order_item_id = row, code = "SO-" .. row, update_stock = true }
end))
open_all()
