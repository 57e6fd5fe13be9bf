-- tries: a task's own coroutine, resumed, wrapped and closed by another while it waits for a release
-- exit: 0
-- says: ^resumed\s+false
-- says: ^status\s+normal
-- says: ^closed\s+false
-- sent: 2
local parked
omnitron.each({ 1, 2 }, function(n)
  if n == 1 then
    parked = coroutine.running()
    assert(omnitron.release { order_item_id = 1, code = "SO-1" })
    print("came back")
  else
    print("status", (coroutine.status(parked)))
    print("resumed", coroutine.resume(parked, { object_id = 1 }))
    print("closed", pcall(coroutine.close, parked))
    print("resumed", coroutine.resume(parked))
    assert(omnitron.release { order_item_id = 2, code = "SO-2" })
  end
end)
print("after", coroutine.status(parked), coroutine.resume(parked))
