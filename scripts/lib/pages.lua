-- pages.lua: lists that come in pages.
--
-- A list that could not be read to its end must not look like one that was: it
-- raises. So a page is the last one only when the host says so (`next` is null,
-- or empty), or when it has fewer rows than were asked for; and the rows must be
-- as many as the first page's `count`. A row that comes on two pages is one: the
-- pages shifted between them, and another row may have come on none.

local native, json, requests = ...

local api, omnitron = native.api, native.omnitron
local array, decode, null = json.array, json.decode, json.null
local fetch, bad, checked = requests.fetch, requests.bad, requests.checked
local say, target_of = requests.say, requests.target_of

local error, ipairs, pairs, setmetatable = error, ipairs, pairs, setmetatable
local getmetatable, rawlen, tostring, type = getmetatable, rawlen, tostring, type
local max, tointeger, concat = math.max, math.tointeger, table.concat
local format = string.format

local LIMIT = 100

-- What an iterator cannot go on after, at the script's line.
local function stop(text)
  local place = native.where()
  error(place and place .. ": " .. text or text, 0)
end

-- Targets.

local function parameter(target, name)
  return tointeger(target:match("[?&]" .. name .. "=(%d+)%f[&\0]"))
end

local function with_parameter(target, name, value)
  local text, count = target:gsub("([?&]" .. name .. "=)[^&]*", "%1" .. value)
  if count > 0 then
    return text
  end
  return format("%s%s%s=%d", target, target:find("?", 1, true) and "&" or "?",
    name, value)
end

-- What `to` is beside the page that it came with.
local function resolve(target, to)
  if to:sub(1, 1) == "?" then
    return target:match("^[^?]*") .. to
  elseif to:sub(1, 2) == "//" then
    return "https:" .. to
  elseif to:sub(1, 1) == "/" or to:find("^%a[%w+.-]*:") then
    return to
  end
  return target:match("^[^?]*/") .. to
end

-- Where `next` leads, as a target; it may lead to this host alone.
local function next_target(target, to)
  local found, why
  if type(to) == "string" then
    found, why = api.next(resolve(target, to))
  else
    why = "that is a " .. type(to)
  end
  if found then
    return found
  end
  stop(say("GET", target, "has a next page %s, which is not followed", why))
end

-- One page.

local function is_list(value)
  return type(value) == "table"
    and (rawlen(value) > 0 or getmetatable(value) ~= nil)
end

-- -> its rows, nil when it is no page
local function rows_of(value)
  if type(value) == "table" and is_list(value.results) then
    return value.results
  end
  return is_list(value) and value or nil
end

local function key_of(row)
  local key
  if type(row) == "table" then
    key = row.pk or row.id
  end
  return (type(key) == "number" or type(key) == "string") and key or nil
end

-- The keys of a page's rows as one text; nil when they have none.
local function keys_of(rows)
  local keys = {}
  for i, row in ipairs(rows) do
    local key = key_of(row)
    if not key then
      return nil
    end
    keys[i] = tostring(key)
  end
  return #keys > 0 and concat(keys, " ") or nil
end

-- Whether the page itself says that it is the last one. A null is not kept in
-- what was decoded.
local function is_last(page, body)
  if page.next == nil and page.results then
    local whole = decode(body, { keep_null = true })
    return whole.next == null
  end
  return page.next ~= nil
end

-- All pages: `target` is the next one's, nil when there is none, and `guessed`
-- when no page has named it; `taken` are the rows so far, `wanted` those that
-- there should be, nil when nobody has said.

local Pages = {}
Pages.__index, Pages.__metatable = Pages, false

local function new_pages(target)
  local limit = parameter(target, "limit")
  local page = max(parameter(target, "page") or 1, 1)
  return setmetatable({ target = target, first = target, limit = limit,
    taken = 0, seen = {}, keys = {},
    before = parameter(target, "offset") or limit and (page - 1) * limit },
    Pages)
end

-- Counts the rows -> how many of them are new.
function Pages:take(rows)
  local keys, fresh, new = self.keys, {}, 0
  for _, row in ipairs(rows) do
    local key = key_of(row)
    if key == nil or not keys[key] then
      new = new + 1
      fresh[#fresh + 1] = key
    end
  end
  for _, key in ipairs(fresh) do
    keys[key] = true
  end
  self.taken = self.taken + new
  return new
end

function Pages:expect(page)
  local count = tointeger(page.count)
  if self.asked == 1 and count and self.before then
    self.wanted = count - self.before
  end
end

-- The page behind one that names none, though it is as long as a page may be or
-- rows are missing.
function Pages:guess(page, rows, body)
  local missing = self.wanted and self.taken < self.wanted
  local full = #rows == self.limit and not is_last(page, body)
  if #rows == 0 or not (missing or full) then
    return nil
  end
  local target = self.target
  local offset = parameter(target, "offset")
  if offset then
    return with_parameter(target, "offset", offset + #rows)
  end
  return with_parameter(target, "page", (parameter(target, "page") or 1) + 1)
end

-- -> its decoded value and its text; behind the last page there is nothing.
function Pages:fetch()
  local target = self.target
  local value, message, _, reply = fetch("GET", target)
  local beyond = self.guessed
    and (value == true or reply and reply.status == 404)
  if beyond then
    return array(), ""
  elseif value == nil then
    stop(message)
  end
  return value, reply.body
end

function Pages:check_new(rows, new, body)
  local keys = keys_of(rows)
  local again = keys and keys == self.last_keys
    or self.guessed and #rows > 0 and (new == 0 or body == self.body)
  if again then
    stop(say("GET", self.target, "has the rows of the page before once more"
      .. "%s", self.guessed and ": whether there are more of them is not known;"
      .. " another `limit` may tell" or ""))
  end
  self.last_keys, self.body = keys, body
end

-- -> the rows of the next page, a list | nil
function Pages:read()
  local target = self.target
  if not target then
    return nil
  elseif self.seen[target] then
    stop(say("GET", target, "comes a second time: its pages lead in a circle"))
  end
  self.seen[target] = true
  self.asked = (self.asked or 0) + 1
  local page, body = self:fetch()
  local rows = rows_of(page)
  if not rows then
    stop(say("GET", target, "is no list: %s", type(page) == "table"
      and page.results ~= nil and "its results are none" or "it has no results"))
  end
  self:expect(page)
  self:check_new(rows, self:take(rows), body)
  local to = page.next
  local named = to and to ~= null and to ~= ""
  self.target = named and next_target(target, to)
    or self:guess(page, rows, body)
  self.guessed = not named
  return rows
end

-- Behind the last page: what is said when rows are missing; nil: none is.
function Pages:missing()
  if self.wanted and self.taken < self.wanted then
    return say("GET", self.first, "ended after %d of %d rows: the list was "
      .. "changed while it was read, or is not whole", self.taken, self.wanted)
  end
end

-- omnitron.pages.

local function with_defaults(query, defaults)
  if query ~= nil and type(query) ~= "table" then
    bad("the query must be a table, not a %s", type(query))
  end
  local all = {}
  for name, value in pairs(defaults) do
    all[name] = value
  end
  for name, value in pairs(query or {}) do
    all[name] = value
  end
  return all
end

local function pages_target(path, query)
  local limit = LIMIT
  if type(path) == "string" and path:find("[?&]limit=") then
    limit = nil
  end
  return target_of("GET", path, with_defaults(query, { limit = limit }))
end

local function row_reader(target)
  local pages = new_pages(target)
  local rows, at = {}, 0
  return function()
    at = at + 1
    while rows and rows[at] == nil do
      rows, at = pages:read(), 1
    end
    local missing = not rows and pages:missing()
    if missing then
      stop(missing)
    end
    return rows and rows[at]
  end
end

-- omnitron.pages(path [, query]) -> iterator over the rows of a list
-- Raises when the list cannot be read to its end. limit is 100.
function omnitron.pages(path, query)
  return row_reader(checked("pages", pages_target, path, query))
end

return { new = new_pages, stop = stop, with_defaults = with_defaults,
  LIMIT = LIMIT }
