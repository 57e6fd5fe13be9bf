-- bar.lua: numbers as small bars of characters. `blocks`: the terminal shows
-- Unicode's block elements; else they are of ASCII.

local bar = {}

local EIGHTHS = 8
local ENDS = { "▏", "▎", "▍", "▌", "▋", "▊", "▉" }
local TALL = { [0] = "·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" }
local PLAIN = { [0] = " ", ".", ".", ":", "-", "=", "+", "*", "#" }

-- How many of `parts` stand for n: at least one for what is not nothing.
local function share(n, most, parts)
  if n <= 0 or most <= 0 then
    return 0
  end
  return math.tointeger(math.max(1, math.min(n / most * parts, parts)) // 1)
end

-- A bar of `width` columns, spaces included, for `n` of at most `most`; what
-- is not nothing shows.
function bar.long(n, most, width, blocks)
  local parts = blocks and EIGHTHS or 1
  local filled = share(n, most, width * parts)
  local whole, rest = filled // parts, filled % parts
  return (blocks and "█" or "#"):rep(whole) .. (ENDS[rest] or "")
    .. (" "):rep(width - whole - (rest > 0 and 1 or 0))
end

-- One column for `n` of at most `most`.
function bar.tall(n, most, blocks)
  return (blocks and TALL or PLAIN)[share(n, most, EIGHTHS)]
end

return bar
