-- repl_show.lua: values as a person reads them: keys sorted, strings quoted,
-- nested tables indented, a list of like rows as a table, a screenful at
-- most.

local native = ...

local has_words, null = native.has_words, native.json.null
local ipairs, next, pcall, rawequal, rawget, rawlen, tostring, type =
  ipairs, next, pcall, rawequal, rawget, rawlen, tostring, type
local concat, error, max, setmetatable, sort =
  table.concat, error, math.max, setmetatable, table.sort
local math_type, width_of = math.type, utf8.len

local DEEPEST, CUT = 12, {}

local ESCAPES = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
  ['"'] = '\\"', ["\\"] = "\\\\" }

local function escape(c)
  return ESCAPES[c] or ("\\x%02x"):format(c:byte())
end

local function quote(text, most)
  local note = ""
  if most and #text > most then
    local to = most
    while to > 0 and (text:byte(to + 1) & 0xC0) == 0x80 do
      to = to - 1
    end
    note = ("… (%d bytes)"):format(#text)
    text = text:sub(1, to)
  end
  if not width_of(text) then
    text = text:gsub("[\128-\255]", escape)
  end
  return '"' .. text:gsub('[%c"\\]', escape) .. '"' .. note
end

-- A table that says itself what it is.
local function own_words(value)
  if not has_words(value) then
    return nil
  end
  local ok, text = pcall(tostring, value)
  return ok and text or "a " .. type(value)
end

-- Of what needs no lines of its own; nil for a table that may.
local function scalar(value, most)
  local kind = type(value)
  if kind == "string" then
    return quote(value, most)
  elseif rawequal(value, null) then
    return "json.null"
  elseif kind == "number" and math_type(value) == "float" then
    return value == value // 1 and ("%.16g"):format(value):find("^-?%d+$")
      and ("%d.0"):format(value) or tostring(value)
  elseif kind == "nil" or kind == "boolean" or kind == "number" then
    return tostring(value)
  elseif kind == "table" then
    return own_words(value) or next(value) == nil and "{}" or nil
  end
  return own_words(value) or kind
end

local RANK = { number = 1, string = 2 }

local function before(a, b)
  local ranks, rank = RANK[type(a)] or 3, RANK[type(b)] or 3
  if ranks ~= rank then
    return ranks < rank
  elseif ranks == 3 then
    return tostring(a) < tostring(b)
  end
  return a < b
end

-- The keys beside 1 … n of a list, sorted.
local function keys_of(value, n)
  local keys = {}
  for key in next, value do
    if math_type(key) ~= "integer" or key < 1 or key > n then
      keys[#keys + 1] = key
    end
  end
  sort(keys, before)
  return keys
end

local function name_of(key)
  if type(key) == "string" and key:find("^[%a_][%w_]*$") then
    return key
  end
  return "[" .. (scalar(key) or "a table") .. "]"
end

-- "{ a = 1 }", when all of it is scalars and it fits.
local function short(value, room)
  local n, parts, used = rawlen(value), {}, 4
  local function add(text)
    used = used + #text + 2
    parts[#parts + 1] = text
    return used <= room + 2
  end
  for i = 1, n do
    local text = scalar(rawget(value, i))
    if not text or not add(text) then
      return nil
    end
  end
  for _, key in ipairs(keys_of(value, n)) do
    local text = scalar(rawget(value, key))
    if not text or not add(name_of(key) .. " = " .. text) then
      return nil
    end
  end
  return "{ " .. concat(parts, ", ") .. " }"
end

-- The columns of a list whose rows have the same keys and no tables in them.
local function columns_of(list)
  local n = rawlen(list)
  local first = n > 1 and rawget(list, 1)
  if type(first) ~= "table" or #keys_of(list, n) > 0 or own_words(first) then
    return nil
  end
  local columns = keys_of(first, 0)
  for i = 1, n do
    local row, count = rawget(list, i), 0
    for key, value in next, type(row) == "table" and row or {} do
      count = count + 1
      if type(key) ~= "string" or rawget(first, key) == nil
        or not scalar(value) then
        return nil
      end
    end
    if count ~= #columns or count == 0 then
      return nil
    end
  end
  return columns
end

local function pad(text, width, right)
  local space = (" "):rep(width - (width_of(text) or #text))
  return right and space .. text or text .. space
end

local Page = {}
Page.__index = Page

function Page:add(text)
  if self.most > 0 and #self.lines >= self.most then
    error(CUT, 0)
  end
  self.lines[#self.lines + 1] = text
end

-- False: it is wider than the screen.
function Page:rows(list, columns, indent)
  local widths, cells, total = {}, {}, #indent - 2
  local last = self.most > 0 and self.most < rawlen(list) and self.most
    or rawlen(list)
  for c, name in ipairs(columns) do
    widths[c] = width_of(name) or #name
    cells[c] = {}
    for i = 1, last do
      local text = scalar(rawget(rawget(list, i), name))
      cells[c][i] = text
      widths[c] = max(widths[c], width_of(text) or #text)
    end
    total = total + widths[c] + 2
  end
  if total > self.columns then
    return false
  end
  for i = 0, last do
    local line = {}
    for c, name in ipairs(columns) do
      local right = type(rawget(rawget(list, 1), name)) == "number"
      line[c] = pad(i == 0 and name or cells[c][i], widths[c], right)
    end
    self:add((indent .. concat(line, "  "):gsub(" +$", "")))
  end
  if last < rawlen(list) then
    error(CUT, 0)
  end
  return true
end

function Page:nested(lead, value, tail, indent)
  local n, inner = rawlen(value), indent .. "  "
  self:add(lead .. "{")
  self.open[value] = true
  local columns = columns_of(value)
  if not columns or not self:rows(value, columns, inner) then
    for i = 1, n do
      self:put(inner, rawget(value, i), ",", inner)
    end
    for _, key in ipairs(keys_of(value, n)) do
      self:put(inner .. name_of(key) .. " = ", rawget(value, key), ",", inner)
    end
  end
  self.open[value] = nil
  self:add(indent .. "}" .. tail)
end

function Page:put(lead, value, tail, indent)
  local room = self.columns - #lead - #tail
  local text = scalar(value, #indent > 0 and max(room - 16, 24)
    or self.most > 0 and self.columns * self.most // 2 or nil)
  if not text then
    if self.open[value] then
      text = "{ … the table that this is in }"
    elseif #indent > 2 * DEEPEST then
      text = "{ … }"
    else
      text = short(value, room)
    end
  end
  if text then
    return self:add(lead .. text .. tail)
  end
  return self:nested(lead, value, tail, indent)
end

local show = {}

-- One value in one line.
function show.line(value)
  return scalar(value, 200) or short(value, 200) or "a table"
end

-- results[2 … n], with their line ends.
function show.results(results, columns, rows)
  local page = setmetatable({ lines = {}, columns = columns, most = rows,
    open = {} }, Page)
  local ok, why = pcall(function()
    for i = 2, results.n do
      local list = type(results[i]) == "table" and not scalar(results[i])
        and columns_of(results[i])
      if not list or not page:rows(results[i], list, "") then
        page:put("", results[i], "", "")
      end
    end
  end)
  if not ok and why ~= CUT then
    error(why, 0)
  elseif not ok then
    page.lines[#page.lines + 1] = "… there is more: look at a part of it (_)"
  end
  return concat(page.lines, "\n") .. "\n"
end

return show
