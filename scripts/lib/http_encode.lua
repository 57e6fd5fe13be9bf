-- http_encode.lua: queries, forms and credentials as they go out. No
-- string.lower: what i is depends on the locale.

local parts = ...
local bad = parts.words.bad

local ipairs, pairs, tonumber, tostring, type =
  ipairs, pairs, tonumber, tostring, type
local math_type = math.type
local concat, sort = table.concat, table.sort
local char, format = string.char, string.format

local function lower(name)
  return (name:gsub("[A-Z]", function(c) return char(c:byte() + 32) end))
end

local function escape(c)
  return format("%%%02X", c:byte())
end

local function sorted_names(what, list)
  local names = {}
  for name in pairs(list) do
    if type(name) ~= "string" then
      bad("the names in %s must be texts, not a %s", what, type(name))
    end
    names[#names + 1] = name
  end
  sort(names)
  return names
end

local function number_text(what, name, value)
  if math_type(value) == "integer" then
    return format("%d", value)
  elseif value ~= value or value - value ~= 0 then
    bad("%s.%s is not a number that can be sent (%s)", what, name,
      tostring(value))
  end
  local text = format("%.15g", value)
  return tonumber(text) == value and text or format("%.17g", value)
end

local function scalar_text(what, name, value)
  if type(value) == "string" then
    return value
  elseif type(value) == "number" then
    return number_text(what, name, value)
  elseif type(value) == "boolean" then
    return tostring(value)
  end
  bad("%s.%s must be a text, a number, a boolean or a list of them, not a %s",
    what, name, type(value))
end

-- name=value&name=value, in the order of the names; a list gives one each.
-- OData's $filter=startswith(name,'x') stays as readable as it may.
local function encode_pairs(what, list, keep)
  local parts = {}
  local function add(name, value)
    parts[#parts + 1] = name:gsub(keep, escape) .. "="
      .. scalar_text(what, name, value):gsub(keep, escape)
  end
  for _, name in ipairs(sorted_names(what, list)) do
    local value = list[name]
    if type(value) ~= "table" then
      add(name, value)
    else
      for _, one in ipairs(value) do
        add(name, one)
      end
    end
  end
  return concat(parts, "&")
end

local IN_FORM = "[^A-Za-z0-9._~-]"
local IN_QUERY = "[^A-Za-z0-9._~$!*'(),:@/-]"

local BASE64 =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(text)
  local out = {}
  for i = 1, #text, 3 do
    local a, b, c = text:byte(i, i + 2)
    local bits = a << 16 | (b or 0) << 8 | (c or 0)
    for shift = 18, 0, -6 do
      local at = (bits >> shift & 63) + 1
      out[#out + 1] = BASE64:sub(at, at)
    end
    if not c then
      out[#out] = "="
      out[#out - 1] = b and out[#out - 1] or "="
    end
  end
  return concat(out)
end

return {
  lower = lower,
  escape = escape,
  base64 = base64,
  sorted_names = sorted_names,
  query = function(list) return encode_pairs("query", list, IN_QUERY) end,
  form = function(list) return encode_pairs("form", list, IN_FORM) end,
}
