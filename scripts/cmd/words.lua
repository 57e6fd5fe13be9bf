-- words.lua: numbers and times as people read them.

local words = {}

local SECOND, MINUTE, HOUR, DAY = 1000, 60000, 3600000, 86400000

-- "4,183"
function words.count(n)
  local sign, digits = ("%d"):format(n):match("^(-?)(%d+)$")
  local head = (#digits - 1) % 3 + 1
  return sign .. digits:sub(1, head)
    .. digits:sub(head + 1):gsub("%d%d%d", ",%0")
end

-- "1 run", "4,183 runs"
function words.many(n, one, many)
  return words.count(n) .. " " .. (n == 1 and one or many)
end

-- "1 row", "4183 rows": bare digits, as a machine's list beside it has them.
function words.plural(n, one, many)
  return ("%d %s"):format(n, n == 1 and one or many)
end

-- Two units of a time, the smaller one left out when it is nothing.
local function two(ms, large, large_name, small, small_name)
  local rest = ms % large // small
  return ("%d %s"):format(ms // large, large_name)
    .. (rest > 0 and (" %d %s"):format(rest, small_name) or "")
end

-- "45 ms", "1.2 s", "12 min", "3 h 20 min", "3 d 4 h": milliseconds, a whole
-- number. What a clock that was set back made less than nothing is 0.
function words.span(ms)
  ms = math.max(ms, 0)
  if ms < SECOND then
    return ("%d ms"):format(ms)
  elseif ms < MINUTE then
    return ("%d.%d s"):format(ms // SECOND, ms % SECOND // 100)
  elseif ms < HOUR then
    return two(ms, MINUTE, "min", SECOND, "s")
  elseif ms < DAY then
    return two(ms, HOUR, "h", MINUTE, "min")
  end
  return two(ms, DAY, "d", HOUR, "h")
end

return words
