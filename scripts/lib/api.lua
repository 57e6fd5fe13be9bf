-- api.lua: the rest of Omnitron's API: get, post, patch. What is made of them
-- is in pages.lua and orders.lua.
--
-- native.api sends one request with the token of the run, which never comes
-- here, and says its number. Here are paths, queries, tries, a log-in after
-- a 401.

local native, json, tries, away = ...

local api, enter, omnitron = native.api, native.http.enter, native.omnitron
local json_encode, json_decode = json.encode, json.decode

local error, ipairs, pairs, pcall = error, ipairs, pairs, pcall
local tostring, type = tostring, type
local tonumber, math_type = tonumber, math.type
local concat, sort = table.concat, table.sort
local char, format = string.char, string.format

local HOST = api.host or "the API" -- without a profile there is none
local AT_ONCE = 4
local TRIES = 3
local SHOWN = 80 -- bytes of a reply in a message

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
  local ok, text = pcall(json_encode, body)
  if not ok then
    bad("the body: %s", tostring(text))
  end
  return text
end

-- One request.

local function shown(target)
  return (target:gsub("%?.*", ""))
end

local function say(method, target, message, ...)
  return format("%s: %s %s " .. message, api.host, method, shown(target), ...)
end

-- -> reply | nil, failure { words, kind, sent, last }
local function send_once(method, target, body)
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

-- One that is away is left alone, as an ERP is.
local function send(request, method, target, body)
  local turn <close> = enter("the API", AT_ONCE)
  local braked = away.brake(HOST)
  if braked then
    return nil, braked
  end
  local reply, failure = send_once(method, target, body)
  away.saw(HOST, request, reply, failure)
  return reply, failure
end

local function try_all(method, target, body)
  return tries(method == "GET" and TRIES or 1, send, {}, method, target, body)
end

-- Replies.

local function failure_text(method, target, failure, made)
  if failure.login or failure.whole then
    return failure.words
  end
  local text = format("%s: %s %s: %s", api.host, method, shown(target),
    failure.words)
  if made > 1 then
    return format("%s (%d tries)", text, made)
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
  local ok, value = pcall(json_decode, reply.body)
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

-- -> value, nil, nil, reply | nil, message, kind [, reply]
local function fetch(method, target, body)
  local reply, failure, tries = try_all(method, target, body)
  if not reply then
    local text = failure_text(method, target, failure, tries)
    away.note_failure(HOST, text, nil, failure)
    return nil, text, failure.kind
  elseif reply.status < 200 or reply.status > 299 then
    local text = status_text(method, target, reply)
    away.note_failure(HOST, text, reply)
    return nil, text, "status", reply
  end
  local value, message, kind = value_of(method, target, reply)
  return value, message, kind, reply
end

local function ask(method, target, body)
  local value, message, kind = fetch(method, target, body)
  if value == nil then
    return nil, message, kind
  end
  return value
end

local function write_target(method, path, body)
  local target = target_of(method, path)
  local text = body_of(body)
  api.check_may_leave(method, target, text)
  return target, text
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

return { ask = ask, bad = bad, checked = checked, fetch = fetch, say = say,
  target_of = target_of }
