-- suggest.lua: which of the names there are somebody may have meant.

-- How many letters have to be changed, added, left out or swapped.
local function distance(a, b)
  local before, above, row = {}, {}, {}
  for j = 0, #b do
    above[j] = j
  end
  for i = 1, #a do
    row = { [0] = i }
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      row[j] = math.min(above[j] + 1, row[j - 1] + 1,
        above[j - 1] + (same and 0 or 1))
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1)
        and a:byte(i - 1) == b:byte(j) then
        row[j] = math.min(row[j], before[j - 2] + 1)
      end
    end
    before, above = above, row
  end
  return above[#b]
end

local function plain(name)
  return (name:gsub("_", ""):gsub("[A-Z]", function(c)
    return string.char(c:byte() + 32)
  end))
end

-- 0: another spelling; less is nearer; nil: not this one.
local function nearness(name, other)
  if plain(name) == plain(other) then
    return 0
  end
  local most = math.max(1, math.min(3, #name // 3))
  if math.abs(#name - #other) <= most then -- it is at least so far
    local far = distance(name, other)
    if far <= most and far < #other then
      return far
    end
  end
  local short, long = name, other
  if #short > #long then
    short, long = long, short
  end
  if #short >= 4 and long:find(short, 1, true) then
    return 10 + #long - #short
  end
end

-- '; did you mean "x"?', or "". `names` is a set, or a table by name.
return function(name, names)
  local best, least
  for other in pairs(names) do
    if type(other) == "string" and other ~= name then
      local near = nearness(name, other)
      if near and (not least or near < least
        or near == least and other < best) then
        best, least = other, near
      end
    end
  end
  return best and ('; did you mean "%s"?'):format(best) or ""
end
