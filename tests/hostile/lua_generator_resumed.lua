-- tries: a generator that waits inside one task, resumed, closed and collected by others, and its task's end meanwhile
-- exit: 0
-- says: ^walls stand
-- sent: 1
local function waits()
  omnitron.release { order_item_id = 1, code = "SO-1" }
  coroutine.yield("released")
end
local inner = coroutine.create(waits)
local outer = coroutine.create(function()
  coroutine.yield(select(2, coroutine.resume(inner)))
end)
omnitron.each({ 1, 2, 3, 4 }, function(n)
  if n == 1 then
    print("the first", coroutine.resume(outer))
  else
    for _, co in ipairs { inner, outer } do
      print(n, coroutine.status(co), coroutine.resume(co),
        pcall(coroutine.close, co))
    end
    collectgarbage()
  end
end)
print("walls stand", coroutine.close(inner), coroutine.close(outer))
