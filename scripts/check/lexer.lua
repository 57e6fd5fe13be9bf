-- lexer.lua: the tokens of a Lua 5.4 chunk, each with its place in the text.
--
-- For chunks that Lua itself has compiled: what it would refuse is not
-- looked for. A token is { type, value, at, last }; its type is "name",
-- "string", "number", "end", or the keyword or operator itself.

local KEYWORDS = {}
for word in ([[and break do else elseif end false for function goto if in
  local nil not or repeat return then true until while]]):gmatch("%a+") do
  KEYWORDS[word] = true
end

local OPERATORS = { ["..."] = true, [".."] = true, ["=="] = true,
  ["~="] = true, ["<="] = true, [">="] = true, ["//"] = true, ["::"] = true,
  ["<<"] = true, [">>"] = true }

-- The last byte of the long bracket that begins at `at`, and its text; nil
-- when none begins there.
local function long_bracket(text, at)
  local level = text:match("^%[(=*)%[", at)
  if not level then
    return nil
  end
  local first = at + #level + 2
  local close, last = text:find("]" .. level .. "]", first, true)
  if not close then
    return #text, ""
  end
  local inside = text:sub(first, close - 1)
  return last, (inside:gsub("^\r?\n", ""))
end

-- The first byte that is neither white space nor in a comment.
local function skip(text, at)
  while true do
    at = text:find("[^ \t\r\n\v\f]", at) or #text + 1
    if text:sub(at, at + 1) ~= "--" then
      return at
    end
    local last = long_bracket(text, at + 2)
    at = (last or text:find("[\r\n]", at) or #text) + 1
  end
end

-- Lua reads its own escapes best.
local function string_value(raw)
  if not raw:find("\\", 1, true) then
    return raw:sub(2, -2)
  end
  local chunk = load("return " .. raw)
  return chunk and chunk() or ""
end

local function quoted(text, at)
  local stop = "[\\" .. text:sub(at, at) .. "]"
  local last = text:find(stop, at + 1)
  while last and text:sub(last, last) == "\\" do
    last = text:find(stop, last + 2)
  end
  last = last or #text
  return last, string_value(text:sub(at, last))
end

local function number(text, at)
  local exponent = text:find("^0[xX]", at) and "^[pP][+-]?" or "^[eE][+-]?"
  local last = at
  while true do
    local _, there = text:find(exponent, last + 1)
    if not there then
      _, there = text:find("^[%x.xX]", last + 1)
    end
    if not there then
      return last, tonumber(text:sub(at, last))
    end
    last = there
  end
end

local function operator(text, at)
  for len = 3, 2, -1 do
    local word = text:sub(at, at + len - 1)
    if OPERATORS[word] then
      return word
    end
  end
  return text:sub(at, at)
end

-- The type, value and last byte of the token that begins at `at`.
local function token(text, at)
  local name = text:match("^[A-Za-z_][A-Za-z0-9_]*", at)
  if name then
    return KEYWORDS[name] and name or "name", name, at + #name - 1
  elseif text:find("^['\"]", at) then
    local last, value = quoted(text, at)
    return "string", value, last
  elseif text:find("^%.?%d", at) then
    local last, value = number(text, at)
    return "number", value, last
  end
  local last, value = long_bracket(text, at)
  if last then
    return "string", value, last
  end
  local word = operator(text, at)
  return word, word, at + #word - 1
end

return function(text)
  local tokens = {}
  local at = skip(text, 1)
  while at <= #text do
    local kind, value, last = token(text, at)
    tokens[#tokens + 1] = { type = kind, value = value, at = at, last = last }
    at = skip(text, last + 1)
  end
  tokens[#tokens + 1] = { type = "end", at = #text + 1, last = #text }
  return tokens
end
