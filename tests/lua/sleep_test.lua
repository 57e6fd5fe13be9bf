require "collector"

test("an hour is over at once", function()
  local before = os.time()
  sleep(3600)
  test.eq(test.time(), 3600)
  test.eq(os.time() - before, 3600)
end)

test("who sleeps less wakes first", function()
  local woken = {}
  omnitron.each({ 50, 10, 40, 20, 30 }, function(seconds)
    sleep(seconds)
    woken[#woken + 1] = seconds
    return true
  end, { at_once = 5 })
  test.eq(woken, { 10, 20, 30, 40, 50 })
  test.eq(test.time(), 50)
end)

test("who sleeps as long wakes in the order of the rows", function()
  local woken = {}
  omnitron.each({ 1, 2, 3, 4 }, function(n)
    sleep(1)
    woken[#woken + 1] = n
    return true
  end)
  test.eq(woken, { 1, 2, 3, 4 })
end)

test("four at once: eight that sleep a minute take two", function()
  local list = {}
  for i = 1, 8 do list[i] = i end
  omnitron.each(list, function() sleep(60) return true end)
  test.eq(test.time(), 120)
end)

test("sleep in a generator, in pcall, in a coroutine, in __close", function()
  local function naps()
    for i = 1, 3 do
      sleep(1)
      coroutine.yield(i)
    end
  end
  local got = {}
  for i in coroutine.wrap(naps) do got[#got + 1] = i end
  test.eq(got, { 1, 2, 3 })
  test.eq(pcall(function() sleep(1) error "x" end), false)
  do
    local _ <close> = setmetatable({}, { __close = function() sleep(2) end })
  end
  test.eq(test.time(), 6)
end)

test("no sleep where Lua itself calls", function()
  test.raises(function()
    table.sort({ 3, 2, 1 }, function(a, b) sleep(1) return a < b end)
  end, "cannot wait here")
  test.raises(function() sleep(-1) end, "0 to 86400")
end)
