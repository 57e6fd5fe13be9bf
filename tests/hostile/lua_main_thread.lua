-- tries: the state's own thread, which a finalizer gets hold of, resumed and closed
-- exit: 0
-- says: ^walls stand
-- sent: 1
local threads = {}
local function again()
  setmetatable({}, { __gc = function()
    threads[coroutine.running()] = true
    again()
  end })
end
again()
collectgarbage("setpause", 1)
omnitron.each({ 1, 2, 3, 4, 5, 6, 7, 8 }, function(n)
  sleep(0.001)
  for _ = 1, 100 do
    local _ = { {}, tostring(n) .. n }
  end
end)
for co in pairs(threads) do
  print(coroutine.status(co), coroutine.resume(co, print, 1),
    pcall(coroutine.close, co))
end
omnitron.release { order_item_id = 1, code = "SO-1" }
print("walls stand")
