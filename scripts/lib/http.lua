-- http.lua: the http module, for ERPs and whatever else a rule has to ask.
--
-- native does one exchange, makes a request wait for its turn at a host, and
-- says what may leave the program. Here are the options, what becomes of a
-- body, redirects, tries, tokens and clients.

local native, json, sleep = ...

local error, ipairs, next, pairs, pcall = error, ipairs, next, pairs, pcall
local setmetatable, tonumber, tostring = setmetatable, tonumber, tostring
local type = type
local max, min, random = math.max, math.min, math.random
local math_type = math.type
local concat, sort = table.concat, table.sort
local char, format = string.char, string.format
local running, now = coroutine.running, os.time

local AT_ONCE = 4
local TIMEOUT = 30
local TRIES = 3
local REDIRECTS = 5
local FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60
local SHOWN = 80 -- bytes of a reply in a message

-- Messages.

-- The caller's mistake: verb() gives it the caller's file and line.
local function bad(message, ...)
  error({ mistake = format(message, ...) }, 0)
end

local function reraise(what, e, level)
  if type(e) == "table" and e.mistake then
    error("bad argument to " .. what .. ": " .. e.mistake, level + 1)
  end
  error(e, 0)
end

-- A URL as people see it: a query may hold a key.
local function shown(url)
  return (url:gsub("[?#].*$", ""))
end

-- The first bytes of a body, on one line and without half a character.
local function excerpt(body)
  local text = body:sub(1, SHOWN):gsub("[\0-\31\127]", " ")
  if #body > SHOWN then
    text = text:gsub("[\192-\255][\128-\191]*$", "") .. "…"
  end
  return text
end

local function media_type(reply)
  local text = reply.headers["content-type"] or ""
  return (text:match("^%s*([^;%s]+)"))
end

-- Texts of a request. No string.lower: what i is depends on the locale.

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

-- Options: a row each, a function that raises when the value is none.

local function typed(wanted, words)
  return function(name, value)
    if type(value) ~= wanted then
      bad("%s must be %s, not a %s", name, words, type(value))
    end
  end
end

local function path_text(name, value)
  if type(value) ~= "string" or value == "" or value:find("\0", 1, true) then
    bad("%s must be the path of a file", name)
  end
end

local function seconds(name, value)
  if type(value) ~= "number" or not (value >= 0.001 and value <= 3600) then
    bad("%s must be seconds, more than 0 and at most 3600", name)
  end
end

local function count_to(most)
  return function(name, value)
    if math_type(value) ~= "integer" or value < 1 or value > most then
      bad("%s must be a whole number from 1 to %d", name, most)
    end
  end
end

local function token_text(name, value)
  if type(value) ~= "string" or not value:find("^[\33-\126]+$") then
    bad("%s must be a token: a text without spaces (a function goes to "
      .. "http.client)", name)
  end
end

local function token_or_function(name, value)
  if type(value) ~= "function" then
    token_text(name, value)
  end
end

-- { "user", "password" }, { user = …, password = … } or "user:password".
local function user_and_password(value)
  if type(value) == "string" then
    return value:match("^([^:]*):(.*)$")
  elseif type(value) == "table" then
    return value[1] or value.user, value[2] or value.password
  end
end

local function basic_pair(name, value)
  local user, password = user_and_password(value)
  if type(user) ~= "string" or type(password) ~= "string" then
    bad('%s must be { "user", "password" }', name)
  elseif user:find(":", 1, true) or (user .. password):find("[\0-\31\127]") then
    bad("%s must have no colon in the user and no control character", name)
  end
end

local function base_of_urls(name, value)
  typed("string", "a URL")(name, value)
  local origin, why = native.origin(value)
  if not origin then
    bad("%s %s", name, why)
  elseif value:find("?", 1, true) then
    bad("%s must have no query in it (use the option query)", name)
  end
end

local function anything() end

local FOR_REQUEST = {
  any_status = typed("boolean", "true or false"),
  basic = basic_pair,
  bearer = token_text,
  body = typed("string", "a text"),
  ca_file = path_text,
  client_cert = path_text,
  client_key = path_text,
  form = typed("table", "a table of names and values"),
  headers = typed("table", "a table of names and values"),
  json = anything,
  query = typed("table", "a table of names and values"),
  reads = typed("boolean", "true or false"),
  save_to = path_text,
  timeout = seconds,
  tries = count_to(10),
}

local FOR_CLIENT = {
  any_status = FOR_REQUEST.any_status,
  at_once = count_to(64),
  base_url = base_of_urls,
  basic = basic_pair,
  bearer = token_or_function,
  ca_file = path_text,
  client_cert = path_text,
  client_key = path_text,
  headers = FOR_REQUEST.headers,
  query = FOR_REQUEST.query,
  timeout = seconds,
  tries = FOR_REQUEST.tries,
}

local function names_of(rows)
  local names = {}
  for name in pairs(rows) do
    names[#names + 1] = name
  end
  sort(names)
  return concat(names, ", ")
end

local function at_most_one(options, ...)
  local found
  for _, name in ipairs { ... } do
    if options[name] ~= nil and found then
      bad("%s and %s exclude each other", found, name)
    elseif options[name] ~= nil then
      found = name
    end
  end
  return found
end

local function check_options(options, rows)
  if type(options) ~= "table" then
    bad("options must be a table, not a %s", type(options))
  end
  for name, value in next, options do
    local check = rows[name]
    if not check then
      bad('unknown option "%s" (there are: %s)', tostring(name),
        names_of(rows))
    end
    check(name, value)
  end
  at_most_one(options, "basic", "bearer")
end

-- Headers: by their name in lower case, each { name, value }.

local FRAMING = { ["content-length"] = true, ["transfer-encoding"] = true }

local HEADER_NAME = "^[A-Za-z0-9!#$&'*+.^_`|~-]+$"

local function set_header(headers, name, value)
  if type(name) ~= "string" or not name:find(HEADER_NAME) then
    bad('headers: "%s" is no name of a header', tostring(name))
  elseif type(value) ~= "string" and type(value) ~= "number" then
    bad("headers: %s must be a text, not a %s", name, type(value))
  end
  local text = tostring(value)
  if text:find("[\0-\31\127]") then
    bad("headers: %s has a control character in it", name)
  elseif FRAMING[lower(name)] then
    bad("headers: %s comes with the body by itself", name)
  end
  headers[lower(name)] = { name, text }
end

local function set_default(headers, name, value)
  local key = lower(name)
  headers[key] = headers[key] or { name, value }
end

local function set_credentials(headers, options)
  if options.basic == nil and options.bearer == nil then
    return
  elseif options.headers and headers.authorization then
    bad("headers: Authorization and %s exclude each other",
      options.basic and "basic" or "bearer")
  end
  local user, password = user_and_password(options.basic)
  headers.authorization = { "Authorization", options.bearer
    and "Bearer " .. options.bearer
    or "Basic " .. base64(user .. ":" .. password) }
end

-- What one level says (a client, or a request): an own credential takes the
-- place of the client's.
local function headers_of(options)
  local headers = {}
  for name, value in next, options.headers or {} do
    set_header(headers, name, value)
  end
  set_credentials(headers, options)
  return headers
end

local function merge(below, above)
  local all = {}
  for key, value in next, below or {} do
    all[key] = value
  end
  for key, value in next, above or {} do
    all[key] = value
  end
  return all
end

-- To another scheme, host or port go only these: any other header may be a
-- credential.
local ELSEWHERE = { accept = true, ["accept-language"] = true,
  ["user-agent"] = true }

-- libcurl takes "Name;" for an empty value, "Name:" for none at all.
local function header_lines(headers, token, at_home)
  local lines = {}
  for key, header in next, headers do
    local value = header[2]
    if at_home or ELSEWHERE[key] then
      lines[#lines + 1] = value == "" and header[1] .. ";"
        or header[1] .. ": " .. value
    end
  end
  sort(lines)
  if token and at_home then
    lines[#lines + 1] = "Authorization: Bearer " .. token
  end
  if not headers["content-type"] or not at_home then
    lines[#lines + 1] = "Content-Type:"
  end
  return lines
end

-- Replies.

local Reply = {}
Reply.__index = Reply

local function strip_bom(text)
  return text:sub(1, 3) == "\239\187\191" and text:sub(4) or text
end

--- The value of a JSON body. Raises, with what came instead, when it is none.
---@param options? { keep_null: boolean }
---@return any
function Reply:json(options)
  local ok, value = pcall(json.decode, strip_bom(self.body), options)
  if ok then
    return value
  end
  local what = media_type(self) or "no content type"
  if what:find("json", 1, true) then
    what = what .. " that is none (" .. tostring(value) .. ")"
  else
    what = what .. " instead of JSON"
  end
  error(format("%s %s answered %d with %s: %s", self.method, shown(self.url),
    self.status, what, self.body == "" and "nothing" or excerpt(self.body)), 2)
end

-- Redirects.

-- RFC 3986, 5.2.4, for a path that begins with a slash.
local function without_dots(path)
  local parts = {}
  for part in path:gmatch("/([^/]*)") do
    if part == ".." then
      parts[#parts] = nil
    elseif part ~= "." then
      parts[#parts + 1] = part
    end
  end
  local tail = path:find("/%.%.?$") and "/" or ""
  return (#parts > 0 and "/" .. concat(parts, "/") or "") .. tail
end

local function resolve(url, origin, to)
  to = to:gsub("#.*$", ""):gsub("[^\33-\126]", escape)
  if to:find("^[A-Za-z][A-Za-z0-9+.-]*:") then
    return to
  elseif to:sub(1, 2) == "//" then
    return origin:match("^%a+:") .. to
  end
  local path = shown(url):match("^%a+://[^/]*(.*)$")
  if to == "" or to:sub(1, 1) == "?" then
    return origin .. path .. to
  end
  local to_path, query = to:match("^([^?]*)(.*)$")
  if to_path:sub(1, 1) ~= "/" then
    to_path = (path:match("^.*/") or "/") .. to_path
  end
  return origin .. without_dots(to_path) .. query
end

local MOVED = { [301] = true, [302] = true, [303] = true, [307] = true,
  [308] = true }

-- Where a reply leads to; nil when it leads nowhere. A mistake in the
-- address is the server's.
local function next_place(url, origin, reply)
  local to = MOVED[reply.status] and reply.headers.location
  if not to then
    return nil
  end
  to = resolve(url, origin, to)
  local place, why = native.origin(to)
  return to, place, why
end

-- One exchange after the other.

local function exchange(req, url, origin, token)
  local at_home = origin == req.origin
  local turn <close> = native.enter(origin, req.at_once)
  local reply, words, kind, sent = native.exchange {
    method = req.method, url = url, body = req.body, reads = req.reads,
    headers = header_lines(req.headers, token, at_home),
    timeout = req.timeout, save_to = req.save_to, ca_file = req.ca_file,
    client_cert = at_home and req.client_cert or nil,
    client_key = at_home and req.client_key or nil,
  }
  if not reply then
    return nil, { words = words, kind = kind, sent = sent }
  end
  reply.method, reply.url = req.method, url
  return setmetatable(reply, Reply)
end

-- -> reply | nil, failure { words, kind, sent, last }
local function follow(req, token)
  local url, origin = req.url, req.origin
  for hop = 0, REDIRECTS do
    local reply, failure = exchange(req, url, origin, token)
    local to, place, why
    if reply and req.method == "GET" then
      to, place, why = next_place(url, origin, reply)
    end
    if not to then
      return reply, failure
    elseif not place then
      return nil, { kind = "protocol", last = true,
        words = "it is redirected to a URL that " .. why }
    elseif hop == REDIRECTS then
      reply.lost = true
      return reply
    end
    url, origin = to, place
  end
end

-- Tokens: a client's function gives one, which all its requests share.

local FAILED_FOR = 5 -- seconds; a log-in that fails may lock an account
local REFUSED_FOR = 60

local Source = {}
Source.__index = Source
local sources = 0

local function new_source(fn)
  sources = sources + 1
  return setmetatable({ fn = fn, key = "token " .. sources, refused = 0,
    since = 0 }, Source)
end

function Source:is_good()
  return self.token and (not self.ends or now() < self.ends)
end

-- It is renewed before it ends: a request may be under way for a while.
function Source:keep(token, lasts)
  if type(token) ~= "string" or not token:find("^[\33-\126]+$") then
    error("bearer must return a token, a text without spaces, not a "
      .. type(token), 0)
  elseif lasts ~= nil and (type(lasts) ~= "number" or lasts ~= lasts) then
    error("bearer must return a token and the seconds it lasts, not a "
      .. type(lasts), 0)
  end
  self.token, self.failure = token, nil
  self.ends = lasts and now() + lasts - min(30, lasts / 10)
  self.since = now()
end

function Source:fail(failure)
  failure.over = now() + FAILED_FOR
  self.failure = failure
end

function Source:ask()
  local ok, token, lasts, kind = pcall(self.fn)
  if not ok then
    self:fail { raised = token }
  elseif token == nil then
    self:fail { words = "no token: " .. tostring(lasts),
      kind = type(kind) == "string" and kind or "status", last = true }
  else
    self:keep(token, lasts)
  end
end

-- Called by one task at a time; the others find what it got.
function Source:refresh()
  local me = running()
  if self.asker == me then
    error("bearer uses its own client, which waits for the token: use "
      .. "http.post in it", 0)
  end
  local turn <close> = native.enter(self.key, 1)
  local failure = self.failure
  if self:is_good() or (failure and now() < failure.over) then
    return
  end
  self.asker, self.failure = me, nil
  local ok, e = pcall(self.ask, self)
  self.asker = nil
  if not ok then
    error(e, 0)
  end
end

-- -> token | nil, failure
function Source:get()
  if not self:is_good() then
    self:refresh()
  end
  local failure = self.failure
  if failure and failure.raised ~= nil then
    error(failure.raised, 0)
  elseif failure then
    return nil, failure
  end
  return self.token
end

-- A 401: whether another token is worth a try. One that was refused twice in
-- a row is not.
function Source:renew(token)
  if self.token ~= token then
    return true
  elseif self.refused >= 2 and now() - self.since < REFUSED_FOR then
    return false
  end
  self.token = nil
  self.refused = self.refused + 1
  return true
end

-- With a token, when there is a source; once more after a 401.
local function authorised(req)
  local source = req.source
  if not source then
    return follow(req)
  end
  local reply, failure
  for try = 1, 2 do
    local token, why = source:get()
    if not token then
      return nil, why
    end
    reply, failure = follow(req, token)
    if not reply or reply.status ~= 401 then
      source.refused = reply and 0 or source.refused
      break
    elseif try == 2 or not source:renew(token) then
      break
    end
  end
  return reply, failure
end

-- Tries.

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

local function try_all(req)
  for try = 1, req.tries do
    local reply, failure = authorised(req)
    if try == req.tries or not may_pass(reply, failure) then
      return reply, failure, try
    end
    sleep(pause_before(try, reply))
  end
end

local HINTS = { toolarge = " (more than 64 MiB: save_to takes any size)" }

local function failure_text(req, failure, tries)
  local text = format("%s %s: %s%s", req.method, shown(req.url), failure.words,
    HINTS[failure.kind] or "")
  if tries > 1 then
    return format("%s (%d tries)", text, tries)
  elseif req.repeats or failure.sent == nil then
    return text
  elseif failure.sent then
    return text .. "; whether it was received is not known"
  end
  return text .. "; nothing was sent"
end

local function status_text(reply)
  local text = format("%s %s answered %d", reply.method, shown(reply.url),
    reply.status)
  if reply.lost then
    return format("%s: it was redirected more than %d times", text, REDIRECTS)
  elseif MOVED[reply.status] and reply.headers.location then
    return text .. ", a redirect to " .. shown(reply.headers.location)
  elseif reply.body == "" or media_type(reply) == "text/html" then
    return text
  end
  return text .. ": " .. excerpt(reply.body)
end

local function send(req)
  local reply, failure, tries = try_all(req)
  if not reply then
    return nil, failure_text(req, failure, tries), failure.kind
  elseif req.any_status or (reply.status >= 200 and reply.status <= 299) then
    return reply
  end
  return nil, status_text(reply), "status", reply
end

-- From a verb, a URL and options to a request.

local REPEATS = { GET = true, HEAD = true, PUT = true, DELETE = true }
local BODILESS = { GET = true, HEAD = true }
local WITH_BODY = { POST = true, PUT = true, PATCH = true }

local function check_method(method)
  if type(method) ~= "string" or not method:find("^[A-Z]+$") then
    bad('the method must be a word in capital letters such as "GET"')
  elseif method == "CONNECT" or method == "TRACE" then
    bad("%s is not for scripts", method)
  end
end

local function absolute(client, url)
  local base = client.base_url
  if not base then
    return url
  elseif url:find("^[A-Za-z]+://") then
    local origin = native.origin(url)
    if origin and origin ~= native.origin(base) then
      bad("the URL must be at the client's base_url, not at %s", origin)
    end
    return url
  elseif url == "" or url:sub(1, 1) == "?" then
    return base .. url
  end
  return base:gsub("/+$", "") .. "/" .. url:gsub("^/+", "")
end

local function full_url(client, options, url)
  if type(url) ~= "string" then
    bad("the URL must be a text, not a %s", type(url))
  end
  url = absolute(client, url)
  local origin, why = native.origin(url)
  if not origin then
    bad("the URL %s%s", why, why:find("password", 1, true)
      and " (use the option basic)" or "")
  end
  local query = encode_pairs("query", merge(client.query, options.query),
    IN_QUERY)
  if query ~= "" then
    local tail = url:find("?", 1, true) and "&" or "?"
    url = url .. (url:find("[?&]$") and "" or tail) .. query
  end
  return url, origin
end

local function encode_json(value)
  local ok, text = pcall(json.encode, value)
  if not ok then
    bad("json: %s", tostring(text))
  end
  return text
end

local ENCODERS = {
  body = function(text) return text end,
  form = function(list)
    return encode_pairs("form", list, IN_FORM),
      "application/x-www-form-urlencoded"
  end,
  json = function(value) return encode_json(value), "application/json" end,
}

local function body_of(method, options)
  local kind = at_most_one(options, "body", "form", "json")
  if not kind then
    return WITH_BODY[method] and "" or nil
  elseif BODILESS[method] then
    bad("%s: a %s has no body (use query)", kind, method)
  end
  return ENCODERS[kind](options[kind])
end

local function check_repeat(req, options)
  if not req.repeats and (options.tries or 1) > 1 then
    bad("tries: a %s is sent once (reads = true if it only reads)",
      req.method)
  elseif options.save_to and req.method ~= "GET" and not req.reads then
    bad("save_to is for GET, and for what only reads (reads = true)")
  end
end

local function first_of(a, b, c)
  if a ~= nil then
    return a
  elseif b ~= nil then
    return b
  end
  return c
end

-- A file and its key belong together, so they come from one place.
local function set_files(req, client, options)
  local from = options.client_cert and options or client
  req.client_cert, req.client_key = from.client_cert, from.client_key
    or options.client_key
  req.ca_file = options.ca_file or client.ca_file
  req.save_to = options.save_to
end

local function set_headers(req, client, options, content_type)
  local own = headers_of(options)
  req.headers = merge(client.own_headers, own)
  req.source = not own.authorization and client.source or nil
  set_default(req.headers, "User-Agent", "omnitron")
  if content_type then
    set_default(req.headers, "Content-Type", content_type)
  end
end

local function new_request(client, method, url, options)
  options = first_of(options, {})
  check_method(method)
  check_options(options, FOR_REQUEST)
  local req = { method = method, reads = options.reads or false,
    at_once = client.at_once or AT_ONCE,
    timeout = options.timeout or client.timeout or TIMEOUT,
    any_status = first_of(options.any_status, client.any_status, false) }
  req.repeats = REPEATS[method] or req.reads
  check_repeat(req, options)
  req.tries = req.repeats and (options.tries or client.tries or TRIES) or 1
  req.url, req.origin = full_url(client, options, url)
  local content_type
  req.body, content_type = body_of(method, options)
  set_headers(req, client, options, content_type)
  set_files(req, client, options)
  native.check_may_leave(method, req.url, req.reads, req.save_to)
  return req
end

-- A mistake gets the place of whoever called the verb.
local function perform(what, client, method, url, options)
  local ok, req = pcall(new_request, client, method, url, options)
  if not ok then
    reraise(what, req, 3)
  end
  return send(req)
end

local VERBS = { get = "GET", post = "POST", put = "PUT", patch = "PATCH",
  delete = "DELETE", head = "HEAD" }

-- The verbs of a client; both erp.get(…) and erp:get(…) are understood.
local function add_verbs(object, client, name)
  for verb, method in next, VERBS do
    object[verb] = function(url, options, last)
      if url == object then
        url, options = options, last
      end
      local reply, message, kind, refused =
        perform(name .. "." .. verb, client, method, url, options)
      return reply, message, kind, refused
    end
  end
  function object.request(method, url, options, last)
    if method == object then
      method, url, options = url, options, last
    end
    local reply, message, kind, refused =
      perform(name .. ".request", client, method, url, options)
    return reply, message, kind, refused
  end
  return object
end

local function new_client(options)
  check_options(options, FOR_CLIENT)
  local client = merge(options)
  local fn = type(options.bearer) == "function" and options.bearer
  if fn then
    client.source = new_source(fn)
    client.bearer = nil
  end
  client.own_headers = headers_of(client)
  if fn and client.own_headers.authorization then
    bad("headers: Authorization and bearer exclude each other")
  end
  sorted_names("query", client.query or {})
  return client
end

-- The module.

local http = {}

--- http.get(url [, options]), and post, put, patch, delete, head alike, and
--- http.request(method, url [, options]).
---
--- Waits for the reply { status, headers, body, json(self) }; the names of
--- headers are in lower case. Anything but a 2xx is nil, message, "status",
--- reply, unless any_status is true. What the world refuses is nil, message,
--- kind: dns connect tls timeout reset protocol toolarge.
---
--- Options: query headers json form body basic bearer timeout tries save_to
--- any_status reads ca_file client_cert client_key. GET, HEAD, PUT, DELETE
--- and what is marked reads = true are tried 3 times; anything else is sent
--- once. At most 4 requests are under way to one host.
add_verbs(http, {}, "http")

--- http.client{ base_url, headers, query, basic, bearer, at_once, timeout,
---   tries, any_status, ca_file, client_cert, client_key }
--- An object with the same verbs, for which these hold unless a request says
--- otherwise; its URLs are behind base_url.
---
--- bearer may be a function -> token [, seconds] | nil, message [, kind]. It
--- is called when a token is needed, once for all tasks that wait for it,
--- again shortly before it ends, and once after a 401. A POST in it that logs
--- in wants reads = true, or it could not be tried with `omnitron plan`. What
--- failed is not asked again for 5 seconds.
function http.client(options)
  local ok, client = pcall(new_client, options)
  if not ok then
    reraise("http.client", client, 2)
  end
  return add_verbs({}, client, "client")
end

return http
