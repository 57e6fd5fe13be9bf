-- tries: closers that close one another, each coroutine with a stack of C's of its own
-- exit: 0 1
-- says: ^walls stand
-- sent: 0
-- profile: memory = "256M",
local function level(before)
  local co = coroutine.create(function()
    local _ <close> = setmetatable({}, { __close = function()
      if before then
        coroutine.close(before)
      end
    end })
    coroutine.yield()
  end)
  coroutine.resume(co)
  return co
end
local co
for _ = 1, 30000 do
  co = level(co)
end
print(pcall(coroutine.close, co))

local function nested(n, before)
  local made = coroutine.create(function()
    local _ <close> = setmetatable({}, { __close = function()
      local function deep(left)
        if left > 0 then
          return (string.gsub("a", "a", function() deep(left - 1) end))
        end
        coroutine.close(before)
      end
      deep(150)
    end })
    coroutine.yield()
  end)
  coroutine.resume(made)
  return n > 0 and nested(n - 1, made) or made
end
print(pcall(coroutine.close, nested(100, coroutine.create(print))))
print("walls stand")
