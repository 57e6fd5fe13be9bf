-- http.lua: the http module, for ERPs and whatever else a rule has to ask:
-- the verbs and the clients. Its parts are the files http_*.lua beside it.
--
-- native does one exchange, makes a request wait for its turn at a host, and
-- says what may leave the program. What is more than that is here.

local native, json, tries, libraries, away = ...

local parts = { native = native, json = json, tries = tries, away = away }

-- In this order: each finds those before it.
for _, name in ipairs { "words", "encode", "text", "options", "headers", "reply",
    "cookies", "exchange", "token", "retry", "download", "ours",
    "request", "lines" } do
  parts[name] = libraries["http_" .. name](parts)
end

local bad, reraise = parts.words.bad, parts.words.reraise
local sorted_names = parts.encode.sorted_names
local check_options = parts.options.check
local FOR_CLIENT, FOR_LINES =
  parts.options.for_client, parts.options.for_lines
local headers_of, merge = parts.headers.of, parts.headers.merge
local new_source, send = parts.token.new, parts.retry
local new_request, lines_of = parts.request, parts.lines

local error, next, pcall, type = error, next, pcall, type

-- A mistake gets the place of whoever called the verb.
local function perform(what, client, method, url, options, rows)
  local ok, req = pcall(new_request, client, method, url, options, rows)
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
  function object.lines(url, options, last)
    if url == object then
      url, options = options, last
    end
    local reply, message =
      perform(name .. ".lines", client, "GET", url, options, FOR_LINES)
    if not reply then
      error(message, 2)
    end
    return lines_of(reply)
  end
  return object
end

-- What a session's function gets: the client without the session.
local function without_session(client)
  local inner = merge(client)
  inner.source = nil
  return add_verbs({}, inner, "client")
end

local function new_client(options)
  check_options(options, FOR_CLIENT)
  local client = merge(options)
  client.said = merge(options)
  if options.cookies or options.session then
    client.jar = parts.cookies()
  end
  local fn = type(options.bearer) == "function" and options.bearer
  if fn then
    client.source = new_source(fn, options.renew_on)
    client.bearer = nil
  end
  client.own_headers = headers_of(client)
  if fn and client.own_headers.authorization then
    bad("headers: Authorization and bearer exclude each other")
  end
  if client.jar and client.own_headers.cookie then
    bad("headers: Cookie and cookies exclude each other")
  end
  if options.session then
    client.source = new_source(options.session, options.renew_on, client.jar,
      without_session(client))
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
--- any_status reads encoding ca_file client_cert client_key known_hosts. GET,
--- HEAD, PUT, DELETE and what is marked reads = true are tried 3 times; anything
--- else is sent once. At most 4 requests are under way to one host.
---
--- get and lines take ftp:// and sftp://, too: basic has the user and the
--- password, client_key may take the place of a password of sftp, and the
--- host's key has to stand in known_hosts (that of ssh unless given). A path
--- that ends with a slash gives the names in that folder.
---
--- http.lines(url [, options]) is an iterator over the lines of a 2xx as they
--- come, in little memory; it raises where a verb would give nil, message.
--- timeout is then for how long the server may be silent.
add_verbs(http, {}, "http")

--- http.client{ base_url, headers, query, basic, bearer, session, cookies,
---   renew_on, at_once, timeout, tries, any_status, encoding, ca_file,
---   client_cert, client_key, known_hosts }
--- An object with the same verbs, for which these hold unless a request says
--- otherwise; its URLs are behind base_url.
---
--- bearer may be a function -> token [, seconds] | nil, message [, kind]. It
--- is called when a token is needed, once for all tasks that wait for it,
--- again shortly before it ends, and once after a 401. A POST in it that logs
--- in wants reads = true, or it could not be tried with `omnitron plan`. What
--- failed is not asked again for 5 seconds. session is likewise a function; it
--- logs in with the client that it is given, and the cookies are the token.
function http.client(options)
  local ok, client = pcall(new_client, options)
  if not ok then
    reraise("http.client", client, 2)
  end
  return add_verbs({}, client, "client")
end

return http
