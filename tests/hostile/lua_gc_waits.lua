-- tries: finalizers, closers and handlers that release, sleep, ask and recall
-- exit: 0
-- says: cannot wait here
-- says: ^walls stand
-- sent: 2
local function waits(n)
  return function()
    for _, call in ipairs {
      function() return omnitron.release { order_item_id = n, code = "SO-" .. n } end,
      function() return omnitron.recall "x" end,
      function() return sleep(0.01) end,
      function() return http.get(arg[2]) end,
      function() return omnitron.each({ 1 }, print) end,
    } do
      print(n, pcall(call))
    end
  end
end
setmetatable({}, { __gc = waits(11) })
collectgarbage()
do
  local _ <close> = setmetatable({}, { __close = waits(1) })
end
xpcall(error, waits(12))
pcall(table.sort, { 2, 1 }, waits(13))
pcall(tostring, setmetatable({}, { __tostring = waits(14) }))
local co = coroutine.create(function()
  local _ <close> = setmetatable({}, { __close = waits(15) })
  coroutine.yield()
end)
coroutine.resume(co)
coroutine.close(co)
omnitron.release { order_item_id = 2, code = "SO-2" }
print("walls stand")
setmetatable(_G, { __gc = waits(16) }) -- at the very end
