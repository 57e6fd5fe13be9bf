require "collector"

test("a JSON reply, asked for with a query", function()
  local erp = test.serve { ["GET /orders?a=1&b=x%20y"] = { json = { 1, 2 } } }
  local reply = test.ok(http.get(erp .. "/orders",
    { query = { b = "x y", a = 1 } }))
  test.eq(reply.status, 200)
  test.eq(reply.headers["content-type"], "application/json")
  test.eq(reply:json(), { 1, 2 })
end)

test("a file", function()
  local erp = test.serve { ["GET /cities"] = "data/cities.csv" }
  test.eq(http.get(erp .. "/cities").body,
    "code,name\nANK,Ankara\nIST,Istanbul\n")
end)

test("what is posted arrives", function()
  local erp = test.serve { ["POST /orders"] = { status = 201, json = {} } }
  test.ok(http.post(erp .. "/orders", { json = { id = 2 ^ 53 | 1, t = "ç" },
    headers = { ["X-One"] = "1" }, bearer = "abc" }))
  local request = test.requests()[1]
  test.eq({ request.method, request.path }, { "POST", "/orders" })
  test.eq(request.json, { id = 2 ^ 53 | 1, t = "ç" })
  test.eq(request.headers["x-one"], "1")
  test.eq(request.headers.authorization, "Bearer abc")
end)

test("anything but a 2xx is nil, a message, status and the reply", function()
  local erp = test.serve { ["GET /a"] = { status = 404, body = "no a" } }
  local got, message, kind, reply = http.get(erp .. "/a")
  test.eq({ got, kind, reply.status }, { nil, "status", 404 })
  test.ok(message:find("answered 404: no a", 1, true), message)
  test.eq(http.get(erp .. "/a", { any_status = true }).status, 404)
end)

test("a GET is tried three times, a POST once", function()
  local busy = { status = 503, body = "busy" }
  local erp = test.serve { ["GET /a"] = { busy, busy, { body = "ok" } },
    ["POST /a"] = { busy } }
  test.eq(http.get(erp .. "/a").body, "ok")
  test.ok(test.time() > 0, "pauses between the tries")
  test.eq(select(3, http.post(erp .. "/a")), "status")
  test.eq(#test.requests(), 4)
end)

test("Retry-After is kept to", function()
  local erp = test.serve { ["GET /a"] = {
    { status = 429, headers = { ["Retry-After"] = "30" } }, { body = "ok" } } }
  test.eq(http.get(erp .. "/a").body, "ok")
  test.eq(test.time(), 30)
end)

test("a Retry-After may be a date, and five minutes at most", function()
  local erp = test.serve { ["GET /a"] = {
    { status = 429, headers = { ["Retry-After"] = "100000" } },
    { body = "ok" } }, ["GET /b"] = {
    { status = 503,
      headers = { ["Retry-After"] = "Fri, 31 Dec 9998 23:59:59 GMT" } },
    { body = "ok" } } }
  test.eq(http.get(erp .. "/a").body, "ok")
  test.eq(test.time(), 300)
  test.eq(http.get(erp .. "/b").body, "ok")
  test.eq(test.time(), 600)
end)

test("replies by what the body has in it", function()
  local erp = test.serve { ["POST /jsonrpc"] = {
    { when = "login", json = { result = 7 } },
    { json = { result = "first" } },
    { json = { result = "second" } },
    { when = '"page":2', json = { result = "page 2" } } } }
  local function call(params)
    return http.post(erp .. "/jsonrpc", { json = params }):json().result
  end
  test.eq({ call { method = "login" }, call {}, call { page = 2 },
    call { method = "login" }, call { page = 1 } },
    { 7, "first", "page 2", 7, "second" })
end)

test("a server that says nothing", function()
  local erp = test.serve { ["POST /a"] = { close = true } }
  local got, message, kind = http.post(erp .. "/a")
  test.eq({ got, kind }, { nil, "reset" })
  test.ok(message:find "whether it was received is not known")
end)

test("a late reply is waited for, and costs no time", function()
  local erp = test.serve { ["GET /a"] = { delay = 20, body = "late" },
    ["GET /b"] = { delay = 10, body = "sooner" } }
  local came = {}
  omnitron.each({ "/a", "/b" }, function(path)
    local body = http.get(erp .. path).body
    came[#came + 1] = body
    return true
  end)
  test.eq(came, { "sooner", "late" })
  test.eq(test.time(), 20)
end)

test("a time-out comes when it should", function()
  local erp = test.serve { ["POST /a"] = { delay = 60 } }
  local got, message, kind = http.post(erp .. "/a", { timeout = 5 })
  test.eq({ got, kind }, { nil, "timeout" }, message)
  test.eq(test.time(), 5)
end)

test("nothing leaves this machine", function()
  test.raises(function() http.get "http://192.0.2.1/" end,
    "a test asks this machine alone")
  test.eq(http.get("http://127.0.0.1:1/", { tries = 1 }), nil)
end)

test("lines while they come", function()
  local text = ("line\n"):rep(5000)
  local erp = test.serve { ["GET /a"] = { body = text } }
  local n = 0
  for line in http.lines(erp .. "/a") do
    n = n + 1
    test.eq(line, "line")
  end
  test.eq(n, 5000)
end)

test("redirects are followed for GET", function()
  local erp = test.serve {
    ["GET /old"] = { status = 301, headers = { Location = "/new?x=1" } },
    ["GET /new?x=1"] = { body = "here" },
  }
  test.eq(http.get(erp .. "/old").body, "here")
end)

test("HTML in place of JSON raises and shows its beginning", function()
  local erp = test.serve { ["GET /a"] = { body = "<!DOCTYPE html>",
    headers = { ["Content-Type"] = "text/html" } } }
  test.raises(function() http.get(erp .. "/a"):json() end,
    "text/html instead of JSON: <!DOCTYPE html>")
end)

test("a client's token is asked for once, and again after a 401", function()
  local erp = test.serve { ["GET /a"] = { { body = "1" }, { status = 401 },
    { body = "2" } } }
  local asked = 0
  local client = http.client { base_url = erp, bearer = function()
    asked = asked + 1
    return "token" .. asked, 3600
  end }
  test.eq(client.get("/a").body .. client.get("/a").body, "12")
  test.eq(asked, 2)
  test.eq(test.requests()[3].headers.authorization, "Bearer token2")
end)

test("a token that ends is renewed before", function()
  local erp = test.serve { ["GET /a"] = { body = "x" } }
  local asked = 0
  local client = http.client { base_url = erp, bearer = function()
    asked = asked + 1
    return "token", 3600
  end }
  client.get "/a"
  sleep(3500)
  client.get "/a"
  test.eq(asked, 1)
  sleep(100)
  client.get "/a"
  test.eq(asked, 2)
end)

test("many at once, each with its own reply", function()
  local replies, paths = {}, {}
  for i = 1, 40 do
    replies["GET /" .. i] = { json = { n = i } }
    paths[i] = i
  end
  local erp = test.serve(replies)
  local s = omnitron.each(paths, function(i)
    test.eq(http.get(erp .. "/" .. i):json(), { n = i })
    return true
  end, { at_once = 8 })
  test.eq({ s.released, s.failed }, { 40, 0 })
end)

test("what a rule asks of the ERP becomes a release", function()
  local erp = test.serve { ["POST /jsonrpc"] = { json = {
    result = { { item = 46761, line = 10 }, { item = 46762, line = 20 } } } } }
  local lines = http.post(erp .. "/jsonrpc", { json = {}, reads = true })
    :json().result
  omnitron.release_all(lines, function(line)
    return { order_item_id = line.item, code = "SO-1/" .. line.line }
  end)
  test.eq(#test.ledger(), 2)
  test.eq(test.ledger()[2].code, "SO-1/20")
end)

-- A server with one file, and how a reply names what it is.
local function typed(file, kind, more)
  local headers = more or {}
  headers["Content-Type"] = kind
  return test.serve { ["GET /x"] = { file = "data/" .. file,
    headers = headers } } .. "/x"
end

test("a reply is read by the charset that it names", function()
  for _, row in ipairs {
    { "windows-1254.json", "application/json; charset=windows-1254" },
    { "windows-1254.json", 'Application/JSON;Charset="Windows-1254"' },
    { "windows-1254.json", "application/json;charset=ISO-8859-9" },
    { "utf-16.json", "application/json; charset=utf-16" },
    { "utf-16.json", "application/json" },
    { "windows-1254.json", "application/json", "windows-1254" },
    { "windows-1254.json", "application/json; charset=utf-8", "CP1254" },
  } do
    local reply = http.get(typed(row[1], row[2]), { encoding = row[3] })
    test.eq(reply:json(), { ad = "Işık İ" }, row[2])
    test.eq(reply.body:find("Işık İ", 1, true) ~= nil, true, row[2])
  end
end)

test("UTF-8 is not read as what a label says", function()
  local body = '{"ad":"Işık İST"}'
  local erp = test.serve { ["GET /x"] = { body = body,
    headers = { ["Content-Type"] = "application/json; charset=windows-1254" } } }
  test.eq(http.get(erp .. "/x").body, body)
  test.eq(http.get(erp .. "/x", { encoding = "iso-8859-9" }).body, body)
end)

test("a body that is in no encoding stays as it came, and is none", function()
  for kind, words in pairs {
    ["application/json"] = 'that is not UTF%-8 %(say encoding = "windows%-1254"',
    ["application/json; charset=windows-1254"] = "that is not UTF%-8",
    ["application/json; charset=nonsense"] = "that is not UTF%-8",
    ["image/png; charset=iso-8859-9"] = "with image/png instead of JSON",
  } do
    local reply = http.get(typed("odd.json", kind))
    test.eq(reply.body, '{"ad":"\x81"}', kind)
    test.raises(function() reply:json() end, words)
  end
  test.raises(function() http.get("http://127.0.0.1:1", { encoding = "x" }) end,
    'encoding must be an encoding that iconv knows %("windows%-1254"; '
      .. 'iconv %-l lists them%), not "x"')
  test.raises(function() http.client { encoding = "utf-8//IGNORE" } end,
    'not "utf%-8//IGNORE"')
end)

test("lines and clients have an encoding, too", function()
  local list = {}
  for line in http.lines(typed("windows-1254.txt", "text/plain"),
      { encoding = "windows-1254" }) do
    list[#list + 1] = line
  end
  test.eq(list, { "KONSİNYE", "AĞRI" })
  list = {}
  for line in http.lines(typed("windows-1254.txt",
      "text/plain; charset=windows-1254")) do
    list[#list + 1] = line
  end
  test.eq(list, { "KONSİNYE", "AĞRI" })
  local erp = http.client { encoding = "windows-1254" }
  test.eq(erp.get(typed("windows-1254.txt", "text/plain")).body,
    "KONSİNYE\r\nAĞRI\n")
  test.raises(function()
    for _ in http.lines(typed("utf-16.json", "text/plain; charset=utf-16")) do
      test.ok(false)
    end
  end, "lines in utf%-16 %(get reads them whole%)")
end)

test("how a reply is coded may be in any case", function()
  for _, coding in ipairs { "gzip", "GZIP", "x-GZip" } do
    test.eq(http.get(typed("one.json.gz", "application/json",
      { ["Content-Encoding"] = coding })):json(), { a = 1 }, coding)
  end
  test.raises(function()
    http.get(typed("odd.json", "application/json",
      { ["Content-Encoding"] = "br" })):json()
  end, "with application/json coded as br, which was not asked for")
end)

test("a row that is not UTF-8 is invalid wherever it comes from", function()
  local rule = function(row)
    if row.depot ~= "KONSİNYE" then
      return { order_item_id = row.id, code = "A/" .. row.id }
    end
    return nil, "on consignment"
  end
  local lines = http.get(typed("windows-1254.txt", "text/plain")).body
  local rows = { { id = 1, depot = lines:match("^%S+") },
    { id = 2, depot = "KONSİNYE" }, { id = 3, depot = "AĞRI" },
    { id = 4, depot = { { name = "\xDD" } } }, { id = 5, ["\xDD"] = 1 } }
  local sum = omnitron.release_all(rows, rule)
  test.eq({ sum.invalid, sum.skipped, sum.released }, { 3, 1, 1 })
  test.ok(sum.problems[1].message:find(
    'not UTF-8 ("KONS\\xDDNYE" in field "depot"): read it as what it is',
    1, true), sum.problems[1].message)
  sum = omnitron.each(rows, function() end)
  test.eq({ sum.invalid, sum.released }, { 3, 2 })
  test.eq(sum.safe, false)
end)

test("Retry-After as servers write it", function()
  for text, seconds in pairs { ["7.0"] = 7, ["4, 9"] = 9, ["6.5"] = 7 } do
    local erp = test.serve { ["GET /a"] = { { status = 429,
      headers = { ["Retry-After"] = text } }, { body = "ok" } } }
    local before = test.time()
    test.eq(http.get(erp .. "/a").body, "ok")
    test.eq(test.time() - before, seconds, text)
  end
end)

test("a host that is away is left alone, and its rows wait", function()
  local busy = { status = 503, body = "busy" }
  local replies = { ["GET /ok"] = { body = "1" } }
  for i = 1, 40 do
    replies["GET /" .. i] = busy
  end
  local erp = test.serve(replies)
  local rows = {}
  for i = 1, 40 do
    rows[i] = i
  end
  local ways = {
    function(i) return assert(http.get(erp .. "/" .. i)) end,
    function(i) return http.get(erp .. "/" .. i) end,
    function(i)
      local _, message = http.get(erp .. "/" .. i)
      return nil, "no look: " .. message
    end,
  }
  local sum = omnitron.release_all(rows, function(i)
    return ways[i % 3 + 1](i)
  end, { at_once = 1 })
  test.eq({ sum.later, sum.failed, sum.skipped, sum.safe },
    { 40, 0, 0, false })
  local asked = #test.requests()
  test.ok(asked >= 6 and asked <= 30, asked)
  local _, message, kind = http.get(erp .. "/ok")
  test.eq({ message, kind }, { erp .. " is left alone for a minute, since "
    .. "request after request came to nothing", "status" })
  sleep(61)
  test.eq(http.get(erp .. "/ok").body, "1")
  test.eq(http.get(erp .. "/ok").body, "1")
  test.eq(#test.requests(), asked + 2)
end)

test("one that looks is enough while a host is away", function()
  local erp = test.serve { ["GET /a"] = { status = 502 } }
  for _ = 1, 20 do
    http.get(erp .. "/a")
  end
  sleep(61)
  local before = #test.requests()
  for _ = 1, 20 do
    http.get(erp .. "/a")
  end
  test.eq(#test.requests(), before + 1)
end)

test("tries that a script asks for are all made", function()
  local erp = test.serve { ["GET /a"] = { status = 503 } }
  http.get(erp .. "/a", { tries = 10 })
  test.eq(#test.requests(), 10)
end)

test("a refusal is the script's, and no outage", function()
  local erp = test.serve { ["GET /a"] = { status = 404, body = "none" },
    ["GET /b"] = { status = 500 } }
  local sum = omnitron.release_all({ "a", "b", "a", "b", "a", "b", "a" },
    function(path) assert(http.get(erp .. "/" .. path)) end)
  test.eq({ sum.failed, sum.later }, { 7, 0 })
  test.eq(#test.requests(), 7)
end)

test("Omnitron may be away for a script's own requests, too", function()
  test.mock { outage = "503" }
  local sum = omnitron.release_all({ 1, 2, 3 }, function()
    assert(omnitron.get("/api/i1/orders/"))
  end)
  test.eq({ sum.later, sum.failed }, { 3, 0 })
end)

test("a session's cookies are kept, and it is renewed like a token", function()
  local erp = test.serve {
    ["POST /b1s/Login"] = { { headers = { ["Set-Cookie"] =
      "B1SESSION=aa-1; HttpOnly; Expires=Wed, 09 Jun 2099 10:18:14 GMT" } },
      { headers = { ["Set-Cookie"] = "B1SESSION=bb=2; Path=/b1s; HttpOnly" } } },
    ["GET /b1s/Orders"] = { { body = "1" }, { body = "2" }, { status = 401 },
      { body = "3" }, { status = 403 } },
    ["GET /other"] = { body = "" } }
  local logins = 0
  local sap = http.client { base_url = erp, session = function(client)
    logins = logins + 1
    local _, message = client.post("/b1s/Login", { json = {} })
    return not message or nil, message
  end }
  local function cookie()
    local all = test.requests()
    return all[#all].headers.cookie
  end
  test.eq(sap.get("/b1s/Orders").body, "1")
  test.eq(cookie(), "B1SESSION=aa-1")
  test.eq(sap.get("/b1s/Orders").body, "2")
  test.eq(logins, 1)
  test.eq(sap.get("/b1s/Orders").body, "3")
  test.eq({ cookie(), logins }, { "B1SESSION=bb=2", 2 })
  sap.get("/other")
  test.eq(cookie(), nil, "another path")
  test.eq(select(3, sap.get("/b1s/Orders")), "status")
  test.eq(logins, 2, "403 ends nothing by itself")
end)

test("what ends a log-in besides 401 can be said", function()
  local erp = test.serve { ["GET /a"] = { { body = "1" }, { status = 403 },
    { body = "2" }, { status = 419 }, { body = "3" } } }
  local asked = 0
  local client = http.client { base_url = erp, renew_on = { 403, 419 },
    bearer = function()
      asked = asked + 1
      return "token" .. asked
    end }
  test.eq(client.get("/a").body .. client.get("/a").body
    .. client.get("/a").body, "123")
  test.eq(asked, 3)
end)

test("cookies without a session; a server takes them back", function()
  local function set(text)
    return { headers = { ["Set-Cookie"] = text } }
  end
  local erp = test.serve { ["GET /a"] = { set "x=1; Path=/", set "y=2",
    set "x=; Path=/; Max-Age=0", { status = 200 },
    set "y=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", { status = 200 } } }
  local client = http.client { base_url = erp, cookies = true }
  for _ = 1, 6 do
    test.eq(test.ok(client.get("/a")).cookies, nil)
  end
  local seen = {}
  for i, request in ipairs(test.requests()) do
    seen[i] = request.headers.cookie or "none"
  end
  test.eq(seen, { "none", "x=1", "x=1; y=2", "y=2", "y=2", "none" })
end)

test("sessions that are wrong", function()
  local erp = test.serve { ["GET /a"] = { body = "" } }
  local function said(words, options)
    options.base_url = erp
    test.raises(function() return http.client(options).get("/a") end, words)
  end
  said("session must return true, and the seconds it lasts if it knows them, "
    .. "or nil and why not, not a number", { session = function() return 5 end })
  said("session must return true and the seconds it lasts, not a string",
    { session = function() return true, "5" end })
  local client
  client = http.client { base_url = erp,
    session = function() return client.get("/a") end }
  test.raises(function() client.get("/a") end, "session uses its own client, "
    .. "which waits for it: use the one that it is given")
  said("bearer and session exclude each other",
    { bearer = "x", session = print })
  said("session must be a function, not a boolean", { session = true })
  said("renew_on needs a function in bearer or session",
    { renew_on = { 403 } })
  said("renew_on must be a list of statuses from 400 to 499",
    { renew_on = { 500 }, session = print })
  said("headers: Cookie and cookies exclude each other",
    { cookies = true, headers = { Cookie = "a=b" } })
  local _, message = http.client { base_url = erp,
    session = function() return nil, "locked" end }.get("/a")
  test.eq(message, "GET " .. erp .. "/a: no session: locked")
end)
