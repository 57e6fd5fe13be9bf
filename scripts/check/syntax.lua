-- syntax.lua: why Lua refuses a chunk, and the place of the word it names.

local luacheck, explain_syntax = ...

-- The word is where the same refusal first comes when the text ends behind
-- it: before, Lua would refuse the end of the text.
local function word_at(text, from, to, near, refused)
  for at, last in luacheck.tokens(text) do
    if at > to then
      return nil
    elseif at >= from and text:sub(at, last) == near then
      local _, why = load(text:sub(1, last), "=x", "t")
      if why and why:gsub("^x:", "") == refused then
        return at, last
      end
    end
  end
end

local function bounds(text, line)
  local from = 1
  for _ = 2, line do
    from = (text:find("\n", from, true) or #text) + 1
  end
  return from, (text:find("\n", from, true) or #text + 1) - 1
end

-- The last thing of a line, so that a caret has a place.
local function end_of(text, from, to)
  local len = #text:sub(from, to):gsub("%s+$", "")
  local at = from + math.max(0, len - 1)
  return at, at
end

-- Where what is missing would have been closed, or what is named stands.
local function elsewhere(text, message, line)
  line = tonumber(message:match("at line (%d+)")) or line
  local from, to = bounds(text, line)
  local word = message:match("to close '(.-)'")
    or message:match(" '([%a_][%w_]*)'")
  local at = word and text:find(word, from, true)
  if at and at <= to then
    return line, at, at + #word - 1
  end
  return line, end_of(text, from, to)
end

-- The message without its place, the line, and the bytes.
return function(text, why)
  local _, refused = load(text, "=x", "t")
  local line, message = refused:match("^x:(%d+): (.*)$")
  if not line then
    return why, 1, 1, 1
  end
  line = tonumber(line)
  local better = explain_syntax(text, refused):match("^x:%d+: (.*)$")
  if better ~= message then
    local from, to = bounds(text, line)
    local word = better:match("^([\128-\255]+) %(U%+")
    local at = word and text:find(word, from, true)
    if at then
      return better, line, at, at + #word - 1
    end
    return better, line, end_of(text, from, to)
  end
  local near = message:match(" near '(.*)'$")
  if not near then
    return message, elsewhere(text, message, line)
  end
  local from, to = bounds(text, line)
  local at, last = word_at(text, from, to, near, (refused:gsub("^x:", "")))
  if at then
    return message, line, at, last
  end
  at = text:find(near, from, true)
  if at and at <= to then
    return message, line, at, math.min(at + #near - 1, to)
  end
  return message, line, end_of(text, from, to)
end
