-- api.lua: the rest of Omnitron's API: get, post, patch, pages,
-- waiting_orders, mark_sent.
--
-- native.api sends one request with the token of the run, which never comes
-- here, and says its number. Here are paths, queries, tries, a log-in after
-- a 401, and pages.

local native, json, log, sleep = ...

local api, enter, origin_of = native.api, native.http.enter, native.http.origin

local error, ipairs, pairs, pcall = error, ipairs, pairs, pcall
local getmetatable, rawlen = getmetatable, rawlen
local tostring, type = tostring, type
local tonumber, math_type = tonumber, math.type
local max, min, random = math.max, math.min, math.random
local concat, sort = table.concat, table.sort
local char, format = string.char, string.format

local AT_ONCE = 4
local TRIES = 3
local FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60
local LIMIT = 100
local LOST_MOST = 3 -- orders in a row that cannot be read
local SHOWN = 80    -- bytes of a reply in a message

-- The caller's mistake: checked() gives it the caller's file and line.
local function bad(message, ...)
  error({ mistake = format(message, ...) }, 0)
end

local function checked(what, fn, ...)
  local ok, first, second = pcall(fn, ...)
  if ok then
    return first, second
  elseif type(first) == "table" and first.mistake then
    error("bad argument to omnitron." .. what .. ": " .. first.mistake, 3)
  end
  error(first, 0)
end

-- Paths and queries.

local function escape(c)
  return format("%%%02X", c:byte())
end

local function unescape(text)
  return (text:gsub("%%(%x%x)", function(x) return char(tonumber(x, 16)) end))
end

-- The names that a path is understood by: as the host decodes it.
local RESERVED = {
  create_mapping = "use omnitron.release: it is written down first",
  ["auth/login"] = "the program logs in by itself",
}

local function check_path(method, path)
  if type(path) ~= "string" then
    bad("the path must be a text, not a %s", type(path))
  elseif path:sub(1, 5) ~= "/api/" then
    bad("the path must be the full one, from /api/")
  elseif path:find("[%c#]") then
    bad("the path has a control character or a # in it")
  end
  local plain = "/" .. unescape(path:gsub("%?.*", "")) .. "/"
  if plain:find("/%.%.?/") then
    bad("the path has a . or .. in it")
  end
  for name, why in pairs(RESERVED) do
    if method ~= "GET" and plain:lower():find(name, 1, true) then
      bad("%s", why)
    end
  end
  return (path:gsub("[^\33-\126]", escape))
end

local function number_text(name, value)
  if math_type(value) == "integer" then
    return format("%d", value)
  elseif value ~= value or value - value ~= 0 then
    bad("query.%s is not a number that can be sent (%s)", name,
      tostring(value))
  end
  local text = format("%.15g", value)
  return tonumber(text) == value and text or format("%.17g", value)
end

-- As the host reads them: its booleans are True and False.
local function value_text(name, value)
  if type(value) == "boolean" then
    return value and "True" or "False"
  elseif type(value) == "number" then
    return number_text(name, value)
  elseif type(value) == "string" then
    return (value:gsub("[^A-Za-z0-9._~-]", escape))
  end
  bad("query.%s must be a text, a number, a boolean or a list of them, not "
    .. "a %s", name, type(value))
end

-- name=value&name=value, in the order of the names; a list gives one each.
local function encode(query)
  local names, parts = {}, {}
  for name in pairs(query) do
    if type(name) ~= "string" then
      bad("the names in query must be texts, not a %s", type(name))
    end
    names[#names + 1] = name
  end
  sort(names)
  for _, name in ipairs(names) do
    local value = query[name]
    for _, one in ipairs(type(value) == "table" and value or { value }) do
      parts[#parts + 1] = name:gsub("[^A-Za-z0-9._~-]", escape) .. "="
        .. value_text(name, one)
    end
  end
  return concat(parts, "&")
end

local function target_of(method, path, query)
  path = check_path(method, path)
  if query ~= nil and type(query) ~= "table" then
    bad("the query must be a table, not a %s", type(query))
  end
  local text = encode(query or {})
  if text == "" then
    return path
  end
  return path .. (path:find("?", 1, true) and "&" or "?") .. text
end

local function body_of(body)
  if type(body) ~= "table" then
    bad("the body must be a table, not a %s", type(body))
  end
  local ok, text = pcall(json.encode, body)
  if not ok then
    bad("the body: %s", tostring(text))
  end
  return text
end

-- One request.

local function shown(target)
  return (target:gsub("%?.*", ""))
end

-- What an iterator cannot go on after, at the script's line.
local function stop(text)
  error(native.where() .. text, 0)
end

local function say(method, target, message, ...)
  return format("%s: %s %s " .. message, api.host, method, shown(target), ...)
end

-- -> reply | nil, failure { words, kind, sent, last }
local function send(method, target, body)
  local turn <close> = enter("the API", AT_ONCE)
  local reply, words, kind, sent
  local after = 0
  for try = 1, 2 do
    local number, why = api.token(after)
    if not number then
      return nil, { words = why, kind = "status", last = true, login = true }
    end
    reply, words, kind, sent = api.send(method, target, body)
    if not reply then
      return nil, { words = words, kind = kind, sent = sent }
    elseif reply.status ~= 401 or reply.hopeless then
      break
    end
    after = reply.token
  end
  return reply
end

local PASSING = { dns = true, connect = true, timeout = true, reset = true }
local BUSY = { [429] = true, [502] = true, [503] = true, [504] = true }

local function may_pass(reply, failure)
  if reply then
    return BUSY[reply.status]
  end
  return PASSING[failure.kind] and not failure.last
end

local function pause_before(try, reply)
  local pause = FIRST_PAUSE * 2 ^ (try - 1) * (0.5 + random() / 2)
  local asked = reply and reply.headers["retry-after"]
  asked = asked and asked:find("^%d+$") and tonumber(asked) or 0
  return min(max(pause, asked), LONGEST_PAUSE)
end

local function try_all(method, target, body)
  local tries = method == "GET" and TRIES or 1
  for try = 1, tries do
    local reply, failure = send(method, target, body)
    if try == tries or not may_pass(reply, failure) then
      return reply, failure, try
    end
    sleep(pause_before(try, reply))
  end
end

-- Replies.

local function failure_text(method, target, failure, tries)
  if failure.login then
    return failure.words
  end
  local text = format("%s: %s %s: %s", api.host, method, shown(target),
    failure.words)
  if tries > 1 then
    return format("%s (%d tries)", text, tries)
  elseif method == "GET" or failure.sent == nil then
    return text
  elseif failure.sent then
    return text .. "; whether it was received is not known"
  end
  return text .. "; nothing was sent"
end

local function status_text(method, target, reply)
  local text = say(method, target, "answered %s", reply.words)
  local to = reply.status >= 300 and reply.status <= 399
    and reply.headers.location
  if not to then
    return text
  end
  local slash = shown(to):sub(-#shown(target) - 1) == shown(target) .. "/"
  return text .. (slash and "; the path has to end with a slash"
    or ", a redirect, which is never followed")
end

local function excerpt(body)
  local text = body:sub(1, SHOWN):gsub("[\0-\31\127]", " ")
  if #body > SHOWN then
    text = text:gsub("[\192-\255][\128-\191]*$", "") .. "…"
  end
  return text
end

local function media_type(reply)
  local text = reply.headers["content-type"] or ""
  return text:match("^%s*([^;%s]+)") or "no content type"
end

-- -> value | nil, message, kind. An empty 2xx is true.
local function value_of(method, target, reply)
  if reply.body == "" then
    return true
  end
  local ok, value = pcall(json.decode, reply.body)
  if ok then
    return value
  end
  local what = media_type(reply)
  what = what:find("json", 1, true)
    and what .. " that is none (" .. tostring(value) .. ")"
    or what .. " instead of JSON"
  return nil, say(method, target, "answered %d with %s: %s", reply.status,
    what, excerpt(reply.body)), "protocol"
end

local function ask(method, target, body)
  local reply, failure, tries = try_all(method, target, body)
  if not reply then
    return nil, failure_text(method, target, failure, tries), failure.kind
  elseif reply.status < 200 or reply.status > 299 then
    return nil, status_text(method, target, reply), "status"
  end
  return value_of(method, target, reply)
end

local function write_target(method, path, body)
  local target = target_of(method, path)
  local text = body_of(body)
  api.check_may_leave(method, target)
  return target, text
end

-- Pages.

local function is_list(value)
  return rawlen(value) > 0 or getmetatable(value) ~= nil
end

-- -> rows, next | nil, message
local function rows_of(target, value)
  if type(value) == "table" and type(value.results) == "table" then
    return value.results, value.next
  elseif type(value) == "table" and is_list(value) then
    return value
  end
  return nil, say("GET", target, "is no list: it has no results")
end

-- Where `next` leads, as a target; it may lead to this host alone.
local function next_target(target, to)
  local why
  if type(to) ~= "string" then
    why = "that is a " .. type(to)
  elseif to:sub(1, 5) == "/api/" then
    return to
  else
    local origin, wrong = origin_of(to)
    local path = to:match("^%a+://[^/?#]*(/api/[^#]*)$")
    if origin == api.origin and path then
      return path
    end
    why = origin and "to " .. origin .. ", not to " .. api.origin .. "/api/"
      or "that " .. wrong
  end
  stop(say("GET", target, "has a next page %s, which is not followed", why))
end

-- The keys of a page's rows as one text; nil when they have none.
local function keys_of(rows)
  local keys = {}
  for i, row in ipairs(rows) do
    local key = type(row) == "table" and (row.pk or row.id)
    if not key then
      return nil
    end
    keys[i] = tostring(key)
  end
  return #keys > 0 and concat(keys, " ") or nil
end

-- A function that gives page after page, a list of rows each. A list that
-- could not be read to its end must not look like one that was: it raises.
local function page_reader(target)
  local seen, last_keys = {}, nil
  return function()
    if not target then
      return nil
    elseif seen[target] then
      stop(say("GET", target, "comes a second time: its pages lead in a "
        .. "circle"))
    end
    seen[target] = true
    local value, message = ask("GET", target)
    if value == nil then
      stop(message)
    end
    local rows, to = rows_of(target, value)
    local keys = rows and keys_of(rows)
    if not rows then
      stop(to)
    elseif keys and keys == last_keys then
      stop(say("GET", target, "has the rows of the page before once more"))
    end
    last_keys = keys
    target = to and to ~= json.null and next_target(target, to) or nil
    return rows
  end
end

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
  local read = page_reader(target)
  local rows, at = {}, 0
  return function()
    at = at + 1
    while rows and rows[at] == nil do
      rows, at = read(), 1
    end
    return rows and rows[at]
  end
end

-- Orders.

-- Each once, also when the pages shifted while they were read.
local function collect_keys(target)
  local keys, seen = {}, {}
  for order in row_reader(target) do
    local pk = type(order) == "table" and order.pk
    if math_type(pk) ~= "integer" then
      stop(say("GET", target, "has an order without a pk"))
    elseif not seen[pk] then
      seen[pk] = true
      keys[#keys + 1] = pk
    end
  end
  return keys
end

local function detailed(pk)
  local target = format("/api/%s/orders_integration/%d/detailed_integration/",
    api.prefix, pk)
  local order, message, kind = ask("GET", target)
  if order == nil then
    return nil, message, kind
  elseif type(order) ~= "table" or type(order.orderitem_set) ~= "table" then
    return nil, say("GET", target, "is no detailed order"), "protocol"
  end
  return order
end

local function raise_lost(lost)
  stop(format("%d of the waiting orders could not be read: %s", #lost,
    lost[1]))
end

-- An order that cannot be read does not keep the others back, and is not
-- forgotten either: the end of the list raises.
local function order_reader(target)
  local keys, at, lost, in_a_row = nil, 0, {}, 0
  return function()
    keys = keys or collect_keys(target)
    while at < #keys and in_a_row < LOST_MOST do
      at = at + 1
      local order, message = detailed(keys[at])
      if order then
        in_a_row = 0
        return order
      end
      log.warn(message)
      lost[#lost + 1] = message
      in_a_row = in_a_row + 1
    end
    if #lost > 0 then
      raise_lost(lost)
    end
    return nil
  end
end

local function check_order(order)
  if type(order) ~= "table" then
    bad("an order is a table, not a %s", type(order))
  elseif math_type(order.pk) ~= "integer" or order.pk < 1 then
    bad("the order has no pk")
  elseif type(order.orderitem_set) ~= "table" then
    bad("the order has no orderitem_set: it must be a detailed one, as from "
      .. "waiting_orders")
  end
  for _, item in ipairs(order.orderitem_set) do
    if type(item) ~= "table" or math_type(item.pk) ~= "integer" then
      bad("the order's orderitem_set has an item without a pk")
    end
  end
  -- The document shows this call under v1 alone, whatever the profile's
  -- prefix is: i1 is for what integrations read, and for create_mapping.
  return format("/api/v1/orders/%d/", order.pk)
end

local CANCELED = "100"

local function is_canceled(item)
  local cancel = item.cancel_status
  return tostring(item.status) == CANCELED
    or (cancel ~= nil and cancel ~= json.null and cancel ~= false
      and cancel ~= "")
end

-- Why the order is not done yet; nil: it is.
local function open_item(order)
  if #order.orderitem_set == 0 then
    return "it has no items"
  end
  for _, item in ipairs(order.orderitem_set) do
    local known = not is_canceled(item) and omnitron.known(item.pk)
    if known == nil then
      return format("item %d was not released", item.pk)
    elseif known and known.state ~= "confirmed" then
      return format("item %d is %s", item.pk, known.state)
    end
  end
end

-- omnitron.get(path [, query]) -> decoded reply | nil, message, kind
-- The path is the full one from /api/; tried 3 times. An empty reply is true.
function omnitron.get(path, query)
  local target = checked("get", target_of, "GET", path, query)
  return ask("GET", target)
end

-- omnitron.post(path, body) -> decoded reply | nil, message, kind
-- Sent once. Not for create_mapping, which omnitron.release is for.
function omnitron.post(path, body)
  local target, text = checked("post", write_target, "POST", path, body)
  return ask("POST", target, text)
end

-- omnitron.patch(path, body) -> decoded reply | nil, message, kind
function omnitron.patch(path, body)
  local target, text = checked("patch", write_target, "PATCH", path, body)
  return ask("PATCH", target, text)
end

-- omnitron.pages(path [, query]) -> iterator over the rows of a list
-- Raises when the list cannot be read to its end. limit is 100.
function omnitron.pages(path, query)
  return row_reader(checked("pages", pages_target, path, query))
end

-- omnitron.waiting_orders([query]) -> iterator over detailed orders
-- Those that wait for the ERP: is_send=False, status=400, unless the query
-- says otherwise. The keys are read first, so marking orders as sent skips
-- none.
function omnitron.waiting_orders(query)
  local target = checked("waiting_orders", function()
    return target_of("GET", "/api/" .. api.prefix .. "/orders/",
      with_defaults(query, { is_send = false, status = 400, limit = LIMIT }))
  end)
  return order_reader(target)
end

-- omnitron.mark_sent(order) -> true | nil, message, "later" (or the kind of
-- a refusal)
-- Only when the journal has every item of it confirmed that is not canceled.
function omnitron.mark_sent(order)
  local target = checked("mark_sent", check_order, order)
  local why = open_item(order)
  if why then
    return nil, format("order %d is not marked as sent: %s", order.pk, why),
      "later"
  end
  local reply, message, kind = ask("PATCH", target, '{"is_send":true}')
  if reply == nil then
    return nil, message, kind
  elseif type(reply) == "table" and reply.is_send == false then
    return nil, say("PATCH", target, "answered that it is still not sent"),
      "unknown"
  end
  return true
end
