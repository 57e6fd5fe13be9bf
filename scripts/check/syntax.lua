-- syntax.lua: why Lua refuses a chunk, and the place of the word it names.

local lex = ...

-- The word is where the same refusal first comes when the text ends behind
-- it: before, Lua would refuse the end of the text.
local function word_at(text, from, to, near, refused)
  for _, token in ipairs(lex(text)) do
    if token.at > to then
      return nil
    elseif token.at >= from and text:sub(token.at, token.last) == near then
      local _, why = load(text:sub(1, token.last), "=x", "t")
      if why and why:gsub("^x:", "") == refused then
        return token.at, token.last
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

-- The message without its place, the line, and the bytes if they are known.
return function(text, why)
  local _, refused = load(text, "=x", "t")
  local line, message = refused:match("^x:(%d+): (.*)$")
  if not line then
    return why, 1
  end
  local from, to = bounds(text, tonumber(line))
  local near = message:match(" near '(.*)'$")
  local ok, at, last = pcall(word_at, text, from, to, near,
    (refused:gsub("^x:", "")))
  if ok and at then
    return message, tonumber(line), at, last
  end
  local place = near and text:find(near, from, true)
  if place and place <= to then
    return message, tonumber(line), place, math.min(place + #near - 1, to)
  end
  local last_word = #text:sub(from, to):gsub("[%s]+$", "")
  local end_at = from + math.max(0, last_word - 1)
  return message, tonumber(line), end_at, end_at
end
