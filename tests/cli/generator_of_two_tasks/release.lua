local numbers = coroutine.wrap(function()
  for n = 1, 9 do
    sleep(0.05)
    coroutine.yield(n)
  end
end)
omnitron.release_all({ "first", "second" }, function(name)
  return { order_item_id = numbers(), code = name }
end, { name = function(name) return name end })
