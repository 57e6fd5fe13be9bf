-- Waiting works from whatever Lua calls of itself.
local function release(item)
  local mapping = assert(omnitron.release {
    order_item_id = item, code = "SO-1/" .. item,
  })
  return mapping.code
end

print("pcall", pcall(release, 1))

local function items(last)
  local n = 1
  return function()
    n = n + 1
    if n <= last then return n, release(n) end
  end
end
for n, code in items(3) do print("iterator", n, code) end

local generator = coroutine.wrap(function()
  for n = 4, 5 do coroutine.yield(release(n)) end
end)
print("wrap", generator(), generator())

local co = coroutine.create(function(...) return release(...) end)
print("resume", coroutine.resume(co, 6))
print("status", coroutine.status(co))

local added = setmetatable({}, { __add = function(_, n) return release(n) end })
print("operator", added + 7)

do
  local closed <close> = setmetatable({}, {
    __close = function() print("close", release(8)) end,
  })
end
print("error", pcall(function() release(9); error("afterwards", 0) end))
