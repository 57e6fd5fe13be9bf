-- test_values.lua: how values look in the message of a test, and where two of
-- them differ.

local null = (...).null

local concat, sort = table.concat, table.sort
local format = string.format
local math_type = math.type

local DIFFERENCES = 5 -- that are shown
local SHOWN = 100     -- bytes of a text, before and behind a difference

-- How a value looks in a message.

local ESCAPES = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
  ["\\"] = "\\\\", ['"'] = '\\"' }

local function quoted(text)
  return '"' .. text:gsub('[%c\\"]', function(c)
    return ESCAPES[c] or format("\\%d", c:byte())
  end) .. '"'
end

local function short(text, from)
  local first = from > SHOWN and from - 10 or 1
  local part = text:sub(first, first + SHOWN)
  return (first > 1 and "…" or "") .. quoted(part)
    .. (first + SHOWN < #text and "…" or "")
end

local function sorted_keys(a, b)
  local seen, keys = {}, {}
  for _, list in ipairs { a, b } do
    for key in next, list do
      if not seen[key] then
        seen[key] = true
        keys[#keys + 1] = key
      end
    end
  end
  sort(keys, function(x, y)
    if math_type(x) and math_type(y) then
      return x < y
    elseif (math_type(x) == nil) ~= (math_type(y) == nil) then
      return math_type(x) ~= nil
    end
    return tostring(x) < tostring(y)
  end)
  return keys
end

local function step(key)
  if type(key) == "string" and key:find("^[%a_][%w_]*$") then
    return "." .. key
  end
  return "[" .. (type(key) == "string" and quoted(key) or tostring(key)) .. "]"
end

local show

local function show_table(value)
  local parts = {}
  for i, key in ipairs(sorted_keys(value, {})) do
    if i > 4 then
      parts[i] = "…"
      break
    end
    local one = value[key]
    local text = type(one) == "table" and "{…}" or show(one)
    parts[i] = math_type(key) and text or step(key):gsub("^%.", "") .. " = "
      .. text
  end
  return #parts == 0 and "{}" or "{ " .. concat(parts, ", ") .. " }"
end

function show(value, from)
  if type(value) == "string" then
    return short(value, from or 1)
  elseif type(value) == "table" and value ~= null then
    return show_table(value)
  end
  return value == null and "json.null" or tostring(value)
end

-- Differences, by the paths that lead to them.

local function first_difference(a, b)
  local i = 1
  while i <= #a and a:byte(i) == b:byte(i) do
    i = i + 1
  end
  return i
end

local function put_difference(found, path, got, want)
  found.count = found.count + 1
  if found.count > DIFFERENCES then
    return
  end
  local from = type(got) == "string" and type(want) == "string"
    and first_difference(got, want) or nil
  found[#found + 1] = (path == "" and "" or path .. ": ") .. show(got, from)
    .. " ~= " .. show(want, from)
end

local function same(a, b)
  return a == b or (a ~= a and b ~= b)
end

local function is_plain(value)
  return type(value) == "table" and value ~= null
end

local function compare(found, path, got, want, inside)
  if same(got, want) or inside[got] == want and want ~= nil then
    return
  elseif not (is_plain(got) and is_plain(want)) then
    return put_difference(found, path, got, want)
  end
  inside[got] = want
  for _, key in ipairs(sorted_keys(got, want)) do
    compare(found, path .. step(key), rawget(got, key), rawget(want, key),
      inside)
  end
  inside[got] = nil
end

local function differences(got, want)
  local found = { count = 0 }
  compare(found, "", got, want, {})
  if found.count > DIFFERENCES then
    found[#found + 1] = format("and %d more", found.count - DIFFERENCES)
  end
  return found.count > 0 and concat(found, "\n") or nil
end

return { quoted = quoted, show = show, differences = differences }
