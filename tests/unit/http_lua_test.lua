-- What a script sees of http. http_lua_test.c runs each of these functions in
-- a state of its own, against two servers: see http_rig.h for their paths.

local tests = {}

local ALL = "any_status, basic, bearer, body, ca_file, client_cert, "
  .. "client_key, encoding, form, headers, json, known_hosts, query, reads, "
  .. "save_to, timeout, tries"

local function same(a, b)
  if a ~= b then
    error(("%q, not %q"):format(tostring(a), tostring(b)), 2)
  end
end

local function has(text, pattern)
  if not text:find(pattern) then
    error(("%q has no %q"):format(text, pattern), 2)
  end
end

local function hasnt(text, pattern)
  if text:find(pattern) then
    error(("%q has %q"):format(text, pattern), 2)
  end
end

-- A call that raises just that, behind the script's own place if any.
local function fails(message, f, ...)
  local ok, said = pcall(f, ...)
  if ok then
    error("accepted, not: " .. message, 2)
  end
  said = tostring(said):gsub("^[%w_/.]+:%d+: ", "")
  if said ~= message then
    error(("said %s\n not %s"):format(said, message), 2)
  end
end

-- A mistake in an option of a verb.
local function mistake(verb, words, options)
  fails("bad argument to http." .. verb .. ": " .. words, http[verb],
    base .. "/echo", options)
end

local function all_at_once(n, fn)
  local done = 0
  for i = 1, n do
    native.spawn(function()
      fn(i)
      done = done + 1
    end)
  end
  while done < n do
    nap(0.005)
  end
end

local function names_in(path)
  return table.concat(list(path), " ")
end

function tests.verbs()
  for verb, method in pairs { get = "GET", post = "POST", put = "PUT",
      patch = "PATCH", delete = "DELETE" } do
    local reply = assert(http[verb](base .. "/echo"))
    same(reply.status, 200)
    has(reply.body, "^" .. method .. " /echo HTTP/1.1\r\n")
    has(reply.body, "\r\nUser%-Agent: omnitron\r\n")
    hasnt(reply.body, "\r\nContent%-Type:")
    hasnt(reply.body, "\r\nExpect:")
  end
  local reply = assert(http.head(base .. "/bytes/5"))
  same(reply.body, "")
  same(reply.headers["content-length"], "5")
end

function tests.bodies()
  local reply = assert(http.request("MERGE", base .. "/echo",
    { json = { a = 1 } }))
  has(reply.body, "^MERGE /echo HTTP/1.1\r\n")
  has(reply.body, "\r\nContent%-Type: application/json\r\n")
  has(reply.body, '\r\n\r\n{"a":1}$')
  reply = assert(http.post(base .. "/echo",
    { form = { b = { 1, 2.5 }, a = "x y&+\195\169" } }))
  has(reply.body, "\r\nContent%-Type: application/x%-www%-form%-urlencoded\r")
  has(reply.body, "\r\n\r\na=x%%20y%%26%%2B%%C3%%A9&b=1&b=2%.5$")
  reply = assert(http.put(base .. "/echo", { body = "a\0b", headers =
    { ["Content-type"] = "text/plain", ["X-Empty"] = "", ["X-N"] = 5 } }))
  has(reply.body, "\r\nContent%-type: text/plain\r\n")
  has(reply.body, "\r\nX%-Empty:\r\n")
  has(reply.body, "\r\nX%-N: 5\r\n")
  has(reply.body, "\r\nContent%-Length: 3\r\n")
  reply = assert(http.post(base .. "/echo", { json = json.null }))
  has(reply.body, "\r\n\r\nnull$")
end

function tests.queries()
  local function target(path, query)
    return assert(http.get(base .. path, { query = query })).body
      :match("^GET (%S*)")
  end
  same(target("/echo", { z = true, a = 1, ["$filter"] = "in(n,'x y+')" }),
    "/echo?$filter=in(n,'x%20y%2B')&a=1&z=true")
  same(target("/echo?a=1", { b = 10.0 }), "/echo?a=1&b=10")
  same(target("/echo?", { b = 0.1 }), "/echo?b=0.1")
  same(target("/echo", { n = math.maxinteger }), "/echo?n=" .. math.maxinteger)
  same(target("/echo", {}), "/echo")
end

function tests.urls_that_are_refused()
  local function refused(words, url)
    fails("bad argument to http.get: the URL " .. words, http.get, url)
  end
  refused("must be a text, not a nil")
  refused("has a space in it", base .. "/a b")
  refused("has a control character in it", base .. "/a\nb")
  refused("has a control character in it", base .. "/a\0b")
  refused("must begin with https://", "gopher://x/")
  refused("must not have a user or a password in it (use the option basic)",
    "http://u:p@127.0.0.1/")
  same(count(), 0)
end

function tests.options_that_are_refused()
  local function of(option, value)
    return { [option] = value }
  end
  mistake("get", "options must be a table, not a string", "x")
  mistake("get", 'unknown option "jsn" (there are: ' .. ALL .. ")",
    of("jsn", 1))
  mistake("post", "form and json exclude each other", { json = 1, form = {} })
  mistake("get", "json: a GET has no body (use query)", of("json", 1))
  for _, seconds in ipairs { 0, -1, 3601, 0 / 0, "5" } do
    mistake("get", "timeout must be seconds, more than 0 and at most 3600",
      of("timeout", seconds))
  end
  mistake("get", "tries must be a whole number from 1 to 10",
    of("tries", 1.5))
  mistake("post", "tries: a POST is sent once (reads = true if it only reads)",
    of("tries", 2))
  mistake("post",
    "save_to is for GET, and for what only reads (reads = true)",
    of("save_to", "x"))
  mistake("get", "reads must be true or false, not a number", of("reads", 1))
  mistake("get", "ca_file must be the path of a file", of("ca_file", ""))
  mistake("get", "query.a must be a text, a number, a boolean or a list of "
    .. "them, not a userdata", of("query", { a = json.null }))
  mistake("get", "query.a is not a number that can be sent (inf)",
    of("query", { a = math.huge }))
  mistake("get", "the names in query must be texts, not a number",
    of("query", { "a" }))
  local _, said = pcall(http.post, base, of("json", { a = { 0 / 0 } }))
  has(said, "bad argument to http.post: json: .*a%[1%]")
  same(count(), 0)
end

function tests.headers_that_are_refused()
  local function refused(words, name, value)
    mistake("post", "headers: " .. words, { headers = { [name] = value } })
  end
  refused("X-A has a control character in it", "X-A", "a\r\nX-B: c")
  refused('"X A" is no name of a header', "X A", "a")
  refused('"" is no name of a header', "", "a")
  refused("X-A must be a text, not a boolean", "X-A", true)
  refused("Content-Length comes with the body by itself", "Content-Length", 1)
  mistake("get", "basic and bearer exclude each other",
    { basic = { "a", "b" }, bearer = "x" })
  mistake("get", "headers: Authorization and bearer exclude each other",
    { bearer = "x", headers = { authorization = "y" } })
  mistake("get", "bearer must be a token: a text without spaces (a function "
    .. "goes to http.client)", { bearer = print })
  mistake("get", 'basic must be { "user", "password" }', { basic = { "a" } })
  mistake("get", "basic must have no colon in the user and no control "
    .. "character", { basic = { "a:b", "c" } })
  same(count(), 0)
end

function tests.other_mistakes()
  local url = base .. "/echo"
  fails('bad argument to http.request: the method must be a word in capital '
    .. 'letters such as "GET"', http.request, "get", url)
  fails("bad argument to http.request: TRACE is not for scripts",
    http.request, "TRACE", url)
  fails('bad argument to http.client: unknown option "json" (there are: '
    .. "any_status, at_once, base_url, basic, bearer, ca_file, client_cert, "
    .. "client_key, cookies, encoding, headers, known_hosts, query, "
    .. "renew_on, session, timeout, tries)",
    http.client, { json = 1 })
  fails("bad argument to http.client: base_url must begin with https://",
    http.client, { base_url = "acme" })
  fails("bad argument to http.client: at_once must be a whole number from 1 "
    .. "to 64", http.client, { at_once = 0 })
  fails("bad argument to http.client: options must be a table, not a nil",
    http.client)
  same(count(), 0)
end

function tests.a_mistake_has_the_place_of_its_call()
  local function line_of(e)
    return e:match("^[^:]*http_lua_test.lua:(%d+): bad argument")
  end
  local here = debug.getinfo(1, "l").currentline
  local _, e = pcall(function()
    local reply = http.get(5)
    return reply
  end)
  same(line_of(e), tostring(here + 2))
  _, e = pcall(function()
    local client = http.client(5)
    return client
  end)
  same(line_of(e), tostring(here + 7))
end

function tests.replies()
  local reply = assert(http.get(base .. "/json"))
  same(reply.headers["content-type"], "application/json")
  same(reply.headers["x-one"], "a, b")
  same(reply.headers.empty, "")
  same(reply:json().id, 9007199254740993)
  same(reply:json().none, nil)
  same(reply:json { keep_null = true }.none, json.null)
end

function tests.replies_that_are_no_json()
  local function refused(words, path)
    local reply = assert(http.get(base .. path, { query = { key = "k" } }))
    fails("GET " .. base .. path .. " answered 200 with " .. words,
      function() reply:json() end)
  end
  refused("text/html instead of JSON: <html> <title>Log in</title> and more "
    .. "than eighty bytes, so that it has to be cu…", "/html")
  refused("application/octet-stream instead of JSON: nothing", "/bytes/0")
  refused("no content type instead of JSON: slow", "/slow/0")
  local _, said = pcall(function() http.get(base .. "/badjson"):json() end)
  has(said, "answered 200 with application/json that is none %(bad JSON: ")
  has(said, '%): {"id": }$')
end

function tests.statuses()
  local reply, message, kind, refused = http.get(base .. "/status/404?key=k")
  same(reply, nil)
  same(message, "GET " .. base
    .. "/status/404 answered 404: the words of the ERP")
  same(kind, "status")
  same(refused.status, 404)
  has(refused.body, "ERP")
  same(assert(http.get(base .. "/status/404", { any_status = true })).status,
    404)
  reply, message = http.post(base .. "/to?/echo")
  same(message, "POST " .. base .. "/to answered 307, a redirect to /echo")
  same(assert(http.get(base .. "/status/204")).status, 204)
end

-- Of what may be repeated: how often it came to the server.
local function tries_of(verb, path, options)
  reset()
  local _, message, kind = http[verb](base .. path, options)
  return count(), message, kind
end

function tests.what_may_be_repeated_is()
  for _, verb in ipairs { "get", "put", "delete", "head" } do
    local n, message, kind = tries_of(verb, "/drop")
    same(n, 3)
    same(kind, "reset")
    has(message, " %(3 tries%)$")
    assert(naps[1] >= 0 and naps[1] <= 0.5) -- of a release, too: full jitter
    assert(naps[2] >= 0 and naps[2] <= 1)
  end
  same(tries_of("get", "/cut"), 3)
  same(tries_of("get", "/headcut", { tries = 2 }), 2)
end

function tests.what_is_busy_is_asked_again()
  same(tries_of("get", "/busy/2"), 3)
  same(#naps, 2)
  same(naps[1], 7) -- Retry-After
  same(tries_of("get", "/status/503", { tries = 1 }), 1)
  same(tries_of("get", "/status/500"), 1)
  same(tries_of("post", "/busy/2", { reads = true }), 3)
  same(tries_of("get", "/busy/9", { any_status = true }), 3)
end

function tests.a_post_goes_once()
  for _, verb in ipairs { "post", "patch" } do
    local n, message, kind = tries_of(verb, "/drop?key=k", { body = "order" })
    same(n, 1)
    same(kind, "reset")
    has(message, "^" .. verb:upper() .. " " .. base .. "/drop: ")
    has(message, "; whether it was received is not known$")
    same(tries_of(verb, "/busy/9"), 1)
  end
  reset()
  assert(http.post(base .. "/echo")) -- its connection is used again
  same(select(3, http.post(base .. "/drop")), "reset")
  same(count(), 2)
  same(#naps, 0)
  local _, message = http.post("http://127.0.0.1:1/")
  has(message, "; nothing was sent$")
end

function tests.kinds()
  local function kind(url, options)
    local reply, message, of = http.get(url, options)
    same(reply, nil)
    hasnt(message, "\n")
    return of, message
  end
  local port = base:match("%d+$")
  same(kind("http://127.0.0.1:1/"), "connect")
  same(kind("http://no-such-host.invalid/"), "dns")
  same(kind("https://127.0.0.1:" .. port, { timeout = 5 }), "tls")
  same(kind(base .. "/slow/500", { timeout = 0.05, tries = 1 }), "timeout")
  same(kind(base .. "/garbage"), "protocol")
  same(kind(base .. "/to?http://u:p@127.0.0.1/"), "protocol")
  same(kind("https://127.0.0.1:" .. port, { ca_file = "/no/such" }), "tls")
end

function tests.large_replies()
  same(#assert(http.get(base .. "/bytes/1000000")).body, 1000000)
  local _, message, kind = http.get(base .. "/bytes/67108865")
  same(kind, "toolarge")
  has(message, "save_to takes any size")
end

function tests.redirects()
  local reply = assert(http.get(base .. "/hops/5", { bearer = "tok" }))
  has(reply.body, "^GET /hops/0 ")
  has(reply.body, "\r\nAuthorization: Bearer tok\r\n")
  same(reply.url, base .. "/hops/0")
  same(count(), 6)
  local _, message, kind, last = http.get(base .. "/hops/6")
  same(kind, "status")
  has(message, "it was redirected more than 5 times$")
  same(last.status, 302)
end

function tests.credentials_stay_with_their_host()
  local secrets = { bearer = "tok", headers = { Cookie = "c=1",
    ["X-Api-Key"] = "k", Accept = "text/x" } }
  local to = base .. "/to?" .. other
  local body = assert(http.get(to .. "/echo?a=b", secrets)).body
  has(body, "^GET /echo%?a=b ")
  has(body, "\r\nAccept: text/x\r\n")
  hasnt(body, "tok")
  hasnt(body, "Cookie")
  hasnt(body, "Api")
  body = assert(http.get(to .. "/to?" .. base .. "/echo", secrets)).body
  has(body, "\r\nAuthorization: Bearer tok\r\n")
  body = assert(http.get(base .. "/to?" .. other:match("//.*"),
    { basic = { "u", "p" } })).body
  hasnt(body, "Authorization")
  local erp = http.client { base_url = base,
    bearer = function() return "tok" end }
  hasnt(assert(erp.get("/to?" .. other .. "/echo")).body, "tok")
  has(assert(erp.get("/to?/echo")).body, "Bearer tok")
end

-- Whatever is handed down: it is decided once more where the request is made.
function tests.where_a_redirect_may_lead()
  local function follow(url, more)
    local request = { method = "GET", url = url, timeout = 5, home = base,
      from = base .. "/to", from_inside = true, headers = {
        "Accept: a", "Authorization: Bearer tok", "COOKIE: c=1",
        "Content-Type:", "X-Api-Key;", "User-Agent: u",
        "Accept-Language: l", "Accept-Key: k" } }
    for name, value in pairs(more or {}) do request[name] = value end
    return native_http.exchange(request)
  end
  local reply, inside = follow(base .. "/echo")
  same(inside, true)
  has(reply.body, "\r\nAuthorization: Bearer tok\r\n")
  has(reply.body, "\r\nCOOKIE: c=1\r\n")
  reply = follow(other .. "/echo")
  has(reply.body, "\r\nAccept: a\r\n")
  has(reply.body, "\r\nAccept%-Language: l\r\n")
  has(reply.body, "\r\nUser%-Agent: u\r\n")
  hasnt(reply.body:lower(), "tok")
  hasnt(reply.body:lower(), "cookie")
  hasnt(reply.body:lower(), "key")
  has(follow(base .. "/echo", { from = other }).body, "Bearer tok")
  local function refused(words, ...)
    local nothing, message, kind, sent = follow(...)
    same(nothing, nil)
    has(message, words)
    same(kind, "protocol")
    same(sent, false)
  end
  local before = count()
  refused("an address of this machine", base .. "/a", { from_inside = false })
  refused("an address of this machine", base:gsub("127.0.0.1", "localhost"),
    { from_inside = false })
  refused("from https to http", base .. "/a",
    { from = base:gsub("^http", "https") })
  refused("no GET", base .. "/a", { method = "POST", reads = true })
  refused("no web page", "ftp://127.0.0.1/a")
  refused("no web page", base .. "/a", { from = "x" })
  refused("no web page", base .. "/a", { home = "x" })
  same(count(), before)
end

function tests.what_no_request_has()
  local function refused(words, more)
    local request = { method = "GET", url = base .. "/a", timeout = 5,
      headers = {} }
    for name, value in pairs(more) do request[name] = value end
    local ok, e = pcall(native_http.exchange, request)
    same(ok, false)
    has(e, words)
  end
  for _, method in ipairs { "get", "G ET", "", "CONNECT", "TRACE", "GET\r" } do
    refused("the method is no word", { method = method, reads = true })
  end
  refused("a NUL in method", { method = "GET\0" })
  refused("a NUL in url", { url = base .. "/a\0b" })
  refused("a NUL in a header", { headers = { "X: a\0b" } })
  refused("control character", { headers = { "X: a\r\nY: b" } })
  refused("frames the body", { headers = { "Content-LENGTH: 5" } })
  refused("frames the body", { headers = { "transfer-encoding: chunked" } })
  refused("has no body", { body = "x" })
  refused("has no body", { method = "HEAD", body = "x" })
  refused("the URL must not have a user", { url = "http://u@127.0.0.1/" })
  same(count(), 0)
end

function tests.credentials()
  local function sent(options)
    return assert(http.get(base .. "/echo", options)).body
      :match("\r\nAuthorization: ([^\r]*)")
  end
  same(sent { bearer = "tok" }, "Bearer tok")
  same(sent { basic = { "Aladdin", "open sesame" } },
    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
  same(sent { basic = { user = "a", password = "b" } }, "Basic YTpi")
  same(sent { basic = "a:" }, "Basic YTo=")
  same(sent { headers = { Authorization = "Token x" } }, "Token x")
  same(sent {}, nil)
end

function tests.files()
  local path = folder .. "/report"
  local reply = assert(http.get(base .. "/bytes/3000000", { save_to = path }))
  same(reply.body, "")
  local file = io.open(path)
  same(#file:read("a"), 3000000)
  file:close()
  same(mode(path), 384) -- 0600
  same(names_in(folder), "report")
  assert(http.get(base .. "/hops/2", { save_to = path }))
  assert(http.post(base .. "/json", { reads = true, save_to = path }))
  same(names_in(folder), "report")
end

function tests.files_that_do_not_become_whole()
  local path = folder .. "/report"
  for _, what in ipairs { "/cut", "/status/404", "/drop" } do
    assert(not http.get(base .. what, { save_to = path }))
    same(names_in(folder), "")
  end
  local _, _, _, refused = http.get(base .. "/status/404", { save_to = path })
  has(refused.body, "ERP")
  local _, message, kind = http.get(base .. "/json",
    { save_to = folder .. "/no/x" })
  same(message, "GET " .. base .. "/json: cannot make " .. folder
    .. "/no/x: No such file or directory")
  same(kind, "protocol")
  _, message = http.get(base .. "/json", { save_to = folder })
  has(message, "cannot make .*: what is there is no regular file$")
end

function tests.four_at_once()
  all_at_once(12, function() assert(http.get(base .. "/slow/30")) end)
  same(most(), 4)
end

function tests.as_many_as_a_client_says()
  local erp = http.client { base_url = base, at_once = 7 }
  all_at_once(20, function() assert(erp.get("/slow/30")) end)
  same(most(), 7)
end

function tests.turns_are_in_order()
  local first <close> = native_http.enter("k", 1)
  local order = ""
  for i = 1, 3 do
    native.spawn(function()
      local mine <close> = native_http.enter("k", 1)
      order = order .. i
    end)
  end
  nap(0.01)
  same(order, "")
  for _ = 1, 2 do
    local closed <close> = first
  end
  nap(0.01)
  same(order, "123")
end

function tests.clients()
  local erp = http.client { base_url = base .. "/api/",
    headers = { ["X-A"] = "1", ["X-B"] = "1" }, basic = { "a", "b" },
    query = { c = 1 }, any_status = true }
  local body = assert(erp.get("/orders",
    { headers = { ["x-b"] = "2" }, query = { d = 2 } })).body
  has(body, "^GET /api/orders%?c=1&d=2 ")
  has(body, "\r\nX%-A: 1\r\n")
  has(body, "\r\nx%-b: 2\r\n")
  hasnt(body, "X%-B")
  has(body, "\r\nAuthorization: Basic YTpi\r\n")
  has(assert(erp:post("orders")).body, "^POST /api/orders%?c=1 ")
  has(assert(erp:request("PUT", "x")).body, "^PUT /api/x%?c=1 ")
  has(assert(erp.get("", { bearer = "own" })).body,
    "^GET /api/%?c=1 .*\r\nAuthorization: Bearer own\r\n")
  has(assert(erp.get(base .. "/else")).body, "^GET /else%?c=1 ")
  same(erp.get(base .. "/status/500").status, 500)
  same(select(3, erp.get(base .. "/status/500", { any_status = false })),
    "status")
end

function tests.a_client_keeps_to_its_host()
  local erp = http.client { base_url = base }
  fails("bad argument to client.get: the URL must be at the client's "
    .. "base_url, not at " .. other, erp.get, other .. "/x")
  fails('bad argument to client.post: unknown option "jsn" (there are: '
    .. ALL .. ")", erp.post, "/x", { jsn = 1 })
  -- What a client says of tries is for what may be repeated.
  assert(http.client { tries = 5 }.post(base .. "/echo"))
end

-- A bearer function that counts its calls.
local function new_tokens(lasts)
  local self = { asked = 0 }
  function self.bearer()
    self.asked = self.asked + 1
    nap(0.02)
    return "t" .. self.asked, lasts
  end
  return self
end

function tests.a_token_is_shared_and_renewed()
  local tokens = new_tokens()
  local erp = http.client { base_url = base, bearer = tokens.bearer }
  all_at_once(5, function()
    has(assert(erp.get("/echo")).body, "\r\nAuthorization: Bearer t1\r\n")
  end)
  same(tokens.asked, 1)
  all_at_once(5, function()
    same(assert(erp.post("/guarded/t2")).body, "welcome")
  end)
  same(tokens.asked, 2)
end

function tests.a_token_that_is_refused_is_not_renewed_for_ever()
  local tokens = new_tokens()
  local erp = http.client { base_url = base, bearer = tokens.bearer }
  local _, _, kind, reply = erp.get("/guarded/never")
  same(kind, "status")
  same(reply.status, 401)
  same(count(), 2)
  same(tokens.asked, 2)
  for _ = 1, 5 do
    erp.get("/guarded/never")
  end
  same(tokens.asked, 3)
end

function tests.a_token_is_renewed_before_it_ends()
  local tokens = new_tokens(1)
  local erp = http.client { base_url = base, bearer = tokens.bearer }
  assert(erp.get("/echo"))
  nap(1.1)
  assert(erp.get("/echo"))
  same(tokens.asked, 2)
end

function tests.tokens_that_do_not_come()
  local asked = 0
  local erp = http.client { base_url = base, bearer = function()
    asked = asked + 1
    nap(0.01)
    return nil, "locked out", "timeout"
  end }
  all_at_once(3, function()
    local _, message, kind = erp.get("/echo")
    same(message, "GET " .. base .. "/echo: no token: locked out")
    same(kind, "timeout")
  end)
  same(asked, 1)
  same(#naps, 0)
  same(count(), 0)
end

function tests.bearer_functions_that_are_wrong()
  local function said(words, bearer)
    fails(words, http.client { base_url = base, bearer = bearer }.get, "/echo")
  end
  said("oh", function() error("oh", 0) end)
  said("bearer must return a token, a text without spaces, not a number",
    function() return 5 end)
  said("bearer must return a token and the seconds it lasts, not a string",
    function() return "t", "5" end)
  local erp
  erp = http.client { base_url = base,
    bearer = function() return erp.get("/x").body end }
  fails("bearer uses its own client, which waits for the token: use http.post "
    .. "in it", erp.get, "/echo")
end

function tests.where_nothing_can_wait()
  local list = { 2, 1 }
  local ok, said = pcall(table.sort, list, function()
    return http.get(base .. "/echo")
  end)
  same(ok, false)
  has(said, "cannot wait here")
  same(count(), 0)
end

function tests.exchange_checks_its_table()
  local exchange = native_http.exchange
  local function with(key, value)
    local t = { method = "GET", url = base, headers = {}, timeout = 5 }
    t[key] = value
    return t
  end
  local function said(words, key, value)
    fails("bad argument to exchange: " .. words, exchange, with(key, value))
  end
  said("method is a boolean", "method", false)
  said("timeout is a string", "timeout", "5")
  said("reads is a number", "reads", 1)
  said("the URL has a space in it", "url", "http://a b")
  assert(not pcall(exchange, with("headers", 5)))
  assert(not pcall(exchange, with("headers", { 5 })))
  fails("a header with a control character was refused", exchange,
    with("headers", { "a: b\nc: d" }))
  same(exchange(with("reads", true)).status, 200)
end

function tests.planning()
  fails("would POST " .. base .. "/a", http.post, base .. "/a?key=k",
    { json = {} })
  local ok, e = pcall(http.delete, "https://erp.example/x?y")
  same(ok, false)
  same(e.would, "DELETE https://erp.example/x")
  local erp = http.client { base_url = base, bearer = error }
  fails("would PUT " .. base .. "/a", erp.put, "/a")
  fails("would GET " .. base .. "/a into b", http.get, base .. "/a",
    { save_to = "b" })
  fails("would POST " .. base .. "/a", native_http.exchange,
    { method = "POST", url = base .. "/a", headers = {}, timeout = 1 })
  for _, name in ipairs { "X-HTTP-Method-Override", "x-http-method",
      "X-Method-Override" } do
    local with = { reads = true, headers = { [name] = "DELETE" } }
    fails("would DELETE " .. base .. "/a", http.get, base .. "/a", with)
    fails("would DELETE " .. base .. "/a", http.post, base .. "/a", with)
  end
  same(count(), 0)
  assert(http.get(base .. "/a",
    { headers = { ["X-HTTP-Method-Override"] = "GET" } }))
  assert(http.head(base .. "/a"))
  assert(http.post(base .. "/a", { reads = true }))
  same(count(), 3)
end

function tests.under_mock()
  -- That a server is on this machine says nothing: a tunnel to an ERP is, too.
  local here = base:gsub("127.0.0.1", "localhost")
  local hint = "; --live-erp sends it"
  fails("would POST " .. base .. "/a" .. hint, http.post, base .. "/a")
  fails("would DELETE " .. here .. hint, http.delete, here)
  assert(http.get(base .. "/echo"))
  fails("would POST http://erp.invalid/a" .. hint, http.post, "http://erp.invalid/a")
  same(select(3, http.get("http://erp.invalid/a")), "dns")
end

function tests.live_erp_under_mock()
  same(select(3, http.post("http://erp.invalid/a")), "dns")
end

return tests
