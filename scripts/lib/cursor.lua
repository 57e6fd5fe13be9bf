-- cursor.lua: where a cursor goes when all rows are done.
--
-- A cursor says where the input is read from the next time, inclusively. So it
-- goes to the smallest `at` of what has to be read again, and else to the
-- largest; `overlap` puts it that much before the largest, for what was begun
-- before it and is seen only later. It must never go past a row that nobody
-- read: where it cannot be told which `at` is the larger one it stays.
--
-- What `at` gave is kept as it is, and read into { at, kind, … } to be compared:
-- digits as numbers of any length, times as moments. As texts 1000 is before
-- 999, and 10:00:00Z behind 10:00:00.5Z.

local native, words = ...

local remember, plan_note, warn = native.omnitron.remember, native.plan_note,
  native.log.warn
local moment, moment_earlier, span = native.moment, native.moment_earlier,
  native.span

local error, pcall, setmetatable = error, pcall, setmetatable
local now = os.time
local tonumber, tostring, type = tonumber, tostring, type
local ceil, mininteger, tointeger = math.ceil, math.mininteger, math.tointeger
local math_type, concat, format = math.type, table.concat, string.format

local SHOWN = 60 -- bytes of a text in a message
local AHEAD = 86400 -- seconds: the zone that a time lacks, and a wrong clock

local Cursor = {}
Cursor.__index, Cursor.__metatable = Cursor, false

-- Reading. The kinds are named as messages name them.

local NUMBER <const> = "a number"
local DIGITS <const> = "digits"
local HEX <const> = "a number in hexadecimal"
local DATE <const> = "a date"
local LOCAL <const> = "a time without a zone"
local ZONED <const> = "a time with its zone"

-- As a number it has this order: by its sign, then the longer one, then digit
-- by digit, then by the fraction.
local function read_digits(read, sign, whole, fraction)
  whole, fraction = whole:match("^0*(.*)$"), fraction:match("^(.-)0*$")
  local zero = whole == "" and fraction == ""
  read.negative = sign == "-" and not zero
  read.whole, read.fraction = whole, fraction
  return read
end

-- 20251122T021407Z as 2025-11-22 02:14:07Z; nil for a text of another form.
local function extended(text)
  local year, month, day, hour, minute, second, rest =
    text:match("^(%d%d%d%d)(%d%d)(%d%d)[Tt]?(%d%d)(%d%d)(%d%d)(.*)$")
  if year then
    return year .. "-" .. month .. "-" .. day .. " " .. hour .. ":" .. minute
      .. ":" .. second .. rest
  end
  year, month, day = text:match("^(%d%d%d%d)(%d%d)(%d%d)$")
  return year and year .. "-" .. month .. "-" .. day
end

-- The time that a text is, as `moment` reads it; nil: it is none.
local function long_form(text)
  local long = moment(text) and text or extended(text)
  return long and moment(long) and long or nil
end

local function read_time(read, text)
  local seconds, nanoseconds, zoned = moment(text)
  local long = not seconds and extended(text) or text
  if not seconds then
    seconds, nanoseconds, zoned = moment(long)
  end
  read.seconds, read.nanoseconds = seconds, nanoseconds
  read.kind = zoned and ZONED or #long == 10 and DATE or LOCAL
  return seconds and read or nil
end

-- `spans`: digits are times, since the overlap is one of time.
local function read_text(text, spans)
  local read = { at = text, kind = DIGITS }
  if spans and text:find("^%d+%.?%d*$") then
    local time = read_time({ at = text }, text)
    if time then
      return time
    end
  end
  local sign, whole, fraction = text:match("^([+-]?)(%d+)%.?(%d*)$")
  if whole then
    return read_digits(read, sign, whole, fraction)
  end
  local hex = text:match("^0[xX](%x+)$")
  if hex then
    read.kind = HEX
    return read_digits(read, "", hex:lower(), "")
  end
  return read_time(read, text)
end

local function shown(text)
  if type(text) ~= "string" then
    return tostring(text)
  elseif #text <= SHOWN then
    return format("%q", text)
  end
  return format("%q…", (text:sub(1, SHOWN):gsub("[\192-\255][\128-\191]*$",
    "")))
end

local WANTED <const> = "a number, digits or a time is needed"

-- -> what `at` gave, to be compared | nil, what it gave instead
local function read_at(at, spans)
  if type(at) == "number" then
    local finite = at - at == 0
    return finite and { at = at, kind = NUMBER } or nil,
      at ~= at and "nan" or tostring(at)
  elseif type(at) ~= "string" then
    return nil, at == nil and "nil" or "a " .. type(at)
  elseif at == "" then
    return nil, "an empty text"
  end
  return read_text(at, spans), shown(at) .. ", which has no order,"
end

-- Comparing, of two that are of one kind.

local function less_digits(a, b)
  if #a.whole ~= #b.whole then
    return #a.whole < #b.whole
  elseif a.whole ~= b.whole then
    return a.whole < b.whole
  end
  return a.fraction < b.fraction
end

local function less(a, b)
  if a.kind == NUMBER then
    return a.at < b.at
  elseif not a.whole then
    return a.seconds < b.seconds
      or a.seconds == b.seconds and a.nanoseconds < b.nanoseconds
  elseif a.negative ~= b.negative then
    return a.negative
  elseif a.negative then
    a, b = b, a
  end
  return less_digits(a, b)
end

-- Overlap: { said, seconds } of a span such as "10m", { said, by } of a number.

local function number_earlier(at, by)
  local to = at - by
  if at >= 0 and to < 0 then
    return 0
  elseif math_type(to) == "integer" and to > at then
    return mininteger
  end
  return to
end

local FIGURES <const> = "0123456789ABCDEF"

-- Of whole numbers that may be larger than Lua's; they keep their length,
-- since the ERP may compare them as texts.
local function whole_earlier(whole, by, base)
  local out = {}
  for i = #whole, 1, -1 do
    local figure = tonumber(whole:sub(i, i), 16) - by % base
    by = by // base
    if figure < 0 then
      figure, by = figure + base, by + 1
    end
    out[i] = FIGURES:sub(figure + 1, figure + 1)
  end
  return by > 0 and ("0"):rep(#whole) or concat(out)
end

local function digits_earlier(text, by, base)
  local front, whole, rest = text:match(base == 16 and "^(0[xX])(%x+)()$"
    or "^(%+?)(%d+)(.*)$")
  if not front then
    return nil, "cannot be taken from what is below 0"
  elseif math_type(by) ~= "integer" then
    return nil, "must be a whole number"
  end
  whole = whole_earlier(whole, by, base)
  if base == 16 or not whole:find("[1-9]") then
    rest = ""
  end
  return front .. whole .. rest
end

-- Also of 20251122021407 and 20251122, which are times in digits alone.
local function time_earlier(text, seconds)
  local long = long_form(text)
  local to = moment_earlier(long, seconds)
  if not to then
    return nil, "leads before the year 1"
  elseif long == text then
    return to
  end
  local day, clock, rest = to:match("^([%d-]+) ?([%d:]*)(.*)$")
  return day:gsub("-", "") .. (text:match("[Tt]") or "")
    .. clock:gsub(":", "") .. rest
end

-- -> `at` by that much earlier | nil, what is wrong with the overlap
local function earlier(read, overlap)
  local kind, by = read.kind, overlap.by
  if read.seconds then
    return time_earlier(read.at, overlap.seconds or ceil(by))
  elseif not by then
    return nil, "must be a number"
  elseif kind == NUMBER then
    return number_earlier(read.at, by)
  elseif #read.at >= 14 and long_form(read.at) then
    return nil, 'must be a time such as "10m"'
  end
  return digits_earlier(read.at, by, kind == HEX and 16 or 10)
end

local function bad_overlap(what)
  error("bad argument to " .. what .. ": overlap must be a time such as "
    .. '"10m", or a number that is not negative', 6)
end

local function read_overlap(overlap, what)
  if overlap == nil then
    return nil
  elseif type(overlap) == "string" then
    local ms = span(overlap)
    return ms and { said = format("%q", overlap), seconds = -(-ms // 1000) }
      or bad_overlap(what)
  elseif type(overlap) ~= "number" or not (overlap >= 0)
      or overlap - overlap ~= 0 then
    bad_overlap(what)
  end
  return { said = tostring(overlap), by = tointeger(overlap) or overlap }
end

-- Keeps in mind a row that is done; `again`: it has to be read again.
-- -> nil | what is wrong with what `at` gave for it, and what is wanted
--  | nil, what it gave, which is in the future: it is left out
function Cursor:pass(row, again)
  if self.lost then
    return nil
  end
  local ok, at = pcall(self.at, row)
  if not ok then
    return "`at` failed", words(at)
  end
  local read, what = read_at(at, self.spans)
  if not read then
    return "`at` gave " .. what, WANTED
  end
  if read.seconds and read.seconds > now() + AHEAD then
    return nil, shown(at)
  end
  local largest, first = self.largest, self.first_again
  if largest and largest.kind ~= read.kind then
    return format("`at` gave %s, %s,", read.kind, shown(at)),
      format("that of another row is %s, %s", largest.kind, shown(largest.at))
  end
  if not largest or less(largest, read) then
    self.largest = read
  end
  if again and (not first or less(read, first)) then
    self.first_again = read
  end
end

-- It cannot be moved any more; the first reason stays.
function Cursor:lose(why)
  self.lost = self.lost or why
end

-- A row that it does not go to; the first one is told.
function Cursor:leave_out(what)
  self.ahead = self.ahead or what
end

-- Where it goes: what is kept; nil: nowhere, with a reason unless no row came.
function Cursor:target()
  local to, first, overlap = self.largest, self.first_again, self.overlap
  if not to or self.lost then
    return nil, self.lost
  elseif overlap then
    local at, why = earlier(to, overlap)
    if not at then
      return nil, format("overlap = %s %s, since `at` gives %s, %s",
        overlap.said, why, to.kind, shown(to.at))
    end
    to = read_at(at, self.spans)
  end
  return (first and less(first, to) and first or to).at
end

-- When all is durable; `whole`: the input was read to its end, every row of it.
function Cursor:move(whole)
  if not whole then
    plan_note("the cursor " .. self.key .. " would stay")
    return
  end
  if self.ahead then
    warn(("the cursor %s does not go into the future: `at` gave %s"):format(
      self.key, self.ahead))
  end
  local to, why = self:target()
  if to ~= nil then
    plan_note(("the cursor %s would move to %s"):format(self.key, to))
    remember(self.key, to)
  elseif why then
    plan_note(("the cursor %s would stay: %s"):format(self.key, why))
    warn(("the cursor %s was not moved: %s"):format(self.key, why))
  end
end

-- What options say of a cursor -> an object, nil when they have none. Raises
-- for the caller of `what`, two calls above this one.
local function read_options(options, what)
  local key, at = options.cursor, options.at
  if (key == nil) ~= (at == nil) then
    error("bad argument to " .. what .. ": cursor and at belong together", 4)
  elseif key == nil and options.overlap ~= nil then
    error("bad argument to " .. what .. ": overlap belongs to a cursor", 4)
  end
  local overlap = read_overlap(options.overlap, what)
  return key ~= nil and setmetatable({ key = key, at = at, overlap = overlap,
    spans = overlap and overlap.seconds ~= nil }, Cursor) or nil
end

return read_options
