-- tries: closers that release, wait, loop and raise when a signal ends the run
-- exit: 143
-- signal: TERM 1
-- bound: 30
-- sent: <=2
local function closer(fn) return setmetatable({}, { __close = fn }) end
local a <close> = closer(function() sleep(100) end)
local b <close> = closer(function() omnitron.release { order_item_id = 2, code = "SO-2", update_stock = true } end)
local c <close> = closer(function() error("no") end)
local d <close> = closer(function() http.get(arg[1] .. "/close") end)
local e <close> = closer(function() pcall(omnitron.release_all, { 3, 4 }, function(n)
  return { order_item_id = n, code = "SO-" .. n, update_stock = true } end) end)
omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true }
while true do pcall(sleep, 100) end
