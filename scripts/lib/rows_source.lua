-- rows_source.lua: where the rows of release_all and each come from.
--
-- A source that ends too early must not look like one that was read to its
-- end: what can be known of that is looked at here, and raises.

local native = ...

local error, getmetatable, next, pcall = error, getmetatable, next, pcall
local rawlen, tostring, type = rawlen, tostring, type
local math_type = math.type

local source = {}

-- Where nobody would catch what a script's __tostring raises.
function source.words(value)
  local ok, text = pcall(tostring, value)
  return ok and text or "a " .. type(value) .. " that cannot be shown"
end

-- A list is read to its first nil. What stands beside it or behind would be
-- left out without a word, as the rows of a page that has them in a field.
local function check_list(rows, what)
  if getmetatable(rows) ~= nil then
    return
  end
  local n, most = 0, 0
  for key in next, rows do
    if math_type(key) ~= "integer" or key < 1 then
      error(("bad argument #1 to %s: rows is no list, it has a field %q. "
        .. "Which field has the rows?"):format(what, tostring(key)), 4)
    end
    n, most = n + 1, key > most and key or most
  end
  if n ~= most then
    error(("bad argument #1 to %s: rows is a list with holes, %d of %d are "
      .. "there"):format(what, n, most), 4)
  end
end

local function list_puller(rows)
  native.expect(rawlen(rows))
  local i = 0
  return function()
    i = i + 1
    return rows[i]
  end
end

local function is_callable(rows)
  local meta = getmetatable(rows)
  return type(rows) == "function"
    or type(rows) == "table" and type(meta) == "table"
    and type(meta.__call) == "function"
end

-- The reader of rows: a function that gives row, place; nil at the end; or
-- false, place, what, message for a row that cannot be used. Of a CSV file the
-- place is a line.
function source.puller(rows, what)
  if type(rows) == "userdata" and rows.pull then
    local pull = rows.pull
    return function() return pull(rows) end, rows
  elseif is_callable(rows) then
    return rows
  elseif type(rows) == "table" then
    check_list(rows, what)
    return list_puller(rows)
  end
  error(("bad argument #1 to %s: rows must be a list or a function that "
    .. "gives the next row, not a %s"):format(what, type(rows)), 3)
end

-- A function of the script's gave nil as row n + 1: with a message that is an
-- error, as everywhere (file:read and http.get say so), and no end.
function source.check_end(n, message)
  if type(message) == "string" then
    error(("the rows ended with an error %s: %s"):format(n == 0
      and "before the first" or "behind row " .. n, message), 0)
  end
end

-- Of a file that cannot be read: where, and why. Its message may begin with
-- the path, and a line.
function source.read_failure(path, message)
  local from, to = message:find(path, 1, true)
  local first = from and not message:sub(1, from - 1):find(" ", 1, true)
  local rest = first and message:sub(to + 1) or ""
  local line, why = rest:match("^:(%d+): (.*)")
  if line then
    return path .. ":" .. line, why
  end
  return path, rest:match("^:? (.+)") or message
end

return source
