-- test.lua: the module of *_test.lua files, for `omnitron test`.
--
-- The file is run once for each of its tests: a state, a journal in memory
-- and a mock Omnitron of its own each time. Time stands still but for what
-- is slept: sleep(3600) returns at once, and whoever sleeps less wakes first.

local native, json, sleep, values = ...

local concat, format = table.concat, string.format
local encode, decode = json.encode, json.decode
local quoted, show, differences =
  values.quoted, values.show, values.differences

local tests = {}
local servers = {}
local begun = false

-- The module.

local test = {}

--- test(name, fn): a test; it passes when fn comes to its end.
local function add_test(_, name, fn)
  if type(name) ~= "string" or type(fn) ~= "function" then
    error("bad argument to test: a name and a function are needed", 2)
  elseif begun then
    error("a test inside a test: they stand one after the other", 2)
  end
  tests[#tests + 1] = { name = name, fn = fn }
end

--- test.eq(got, want [, what]): fails where they differ, tables in depth.
function test.eq(got, want, what)
  local text = differences(got, want)
  if text then
    error((what and what .. ": " or "") .. text, 2)
  end
end

--- test.ok(value [, what]) -> value: fails when it is nil or false.
function test.ok(value, what, ...)
  if not value then
    error(format("%s is %s", what or "the value", show(value)), 2)
  end
  return value, what, ...
end

--- test.raises(fn, pattern) -> the message: fails when fn does not raise an
--- error that matches the pattern (or has it in it).
function test.raises(fn, pattern)
  local ok, e = pcall(fn)
  if ok then
    error("no error was raised", 2)
  end
  local text = tostring(e)
  if pattern and not (text:find(pattern, 1, true) or text:find(pattern)) then
    error(format("the error is %s, without %s", quoted(text),
      quoted(pattern)), 2)
  end
  return text
end

local function as_sent(releases)
  if releases[1] == nil then
    return native.test.release(releases)
  end
  local list = {}
  for i, release in ipairs(releases) do
    list[i] = native.test.release(release)
  end
  return list
end

--- test.rule(rule, row [, n]) -> what release_all would make of the row:
--- the release as it would be sent, or a list of them; or
--- { skipped = reason }, { later = reason }, { failed = message },
--- { invalid = message }.
function test.rule(rule, row, n)
  local ok, first, reason, kind = xpcall(rule, native.explain, row, n or 1)
  if not ok then
    return { failed = tostring(first) }
  end
  local what, why = native.read_results(first, reason, kind)
  if what then
    return { [what] = why }
  end
  local read, bad = xpcall(native.check, native.explain, first)
  if not read or bad then
    return { invalid = tostring(bad) }
  end
  return as_sent(first)
end

-- A GET that is the module's own: no try, no option.
local function fetch(url)
  local reply, words = native.http.exchange { method = "GET", url = url,
    headers = {}, timeout = 30 }
  if not reply then
    error("cannot ask " .. url .. ": " .. words, 0)
  end
  return decode(reply.body)
end

--- test.mock{ fault, outage, latency, items, repeat, seed, token_uses }: a
--- fresh mock Omnitron, with the options of `omnitron mock`. Without it every
--- test has one that works.
function test.mock(options)
  local flat = {}
  for name, value in next, options or {} do
    for _, one in ipairs(type(value) == "table" and value or { value }) do
      flat[#flat + 1] = tostring(name)
      flat[#flat + 1] = tostring(one)
    end
  end
  local ok, why = pcall(native.test.mock, flat)
  if not ok then
    error("bad argument to test.mock: " .. tostring(why), 2)
  end
end

--- test.ledger() -> list of what the mock received: { order_item_id, code,
--- update_stock, applied, status }, by item, in order of arrival.
function test.ledger()
  local list = {}
  for _, item in ipairs(fetch(native.test.omnitron .. "/__mock__/ledger")) do
    for _, entry in ipairs(item.received) do
      entry.order_item_id = item.order_item_id
      list[#list + 1] = entry
    end
  end
  return list
end

--- test.serve{ ["POST /jsonrpc"] = "replies/lines.json", ... } -> URL
--- A server with these replies, files beside the test. A reply is a file, or
--- { status, headers, file | body | json, delay, close, when }: `when` is a
--- text that the body of the request has in it. A list of replies is given one
--- after the other. A request without a reply fails the test.
function test.serve(replies)
  if type(replies) ~= "table" then
    error("bad argument to test.serve: a table of replies is needed", 2)
  end
  local ok, text = pcall(encode, replies)
  local url, why
  if ok then
    url, why = native.test.serve(text, native.script_folder)
  end
  if not url then
    error("bad argument to test.serve: " .. tostring(why or text), 2)
  end
  servers[#servers + 1] = url
  return url
end

local function unescape(text)
  return (text:gsub("%%(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

local function query_of(text)
  local query = {}
  for name, value in text:gmatch("([^&=]+)=([^&]*)") do
    query[unescape(name)] = unescape(value)
  end
  return query
end

local function decoded(request)
  local kind = request.headers["content-type"] or ""
  local ok, value = pcall(decode, request.body)
  return kind:find("json", 1, true) and ok and value or nil
end

local function received()
  local all = {}
  for _, url in ipairs(servers) do
    for _, request in ipairs(fetch(url .. "/__mock__/received")) do
      all[#all + 1] = request
    end
  end
  return all
end

--- test.requests() -> list of what the servers of test.serve received, in
--- order: { method, path, query, headers, body, json }.
function test.requests()
  local all = received()
  for _, request in ipairs(all) do
    request.query = query_of(request.query)
    request.json = decoded(request)
  end
  return all
end

--- test.time() -> seconds since the test began: what was slept.
test.time = native.test.time

-- Requests: to this machine alone, and a delay of test.serve is slept, so that
-- it costs no time and a time-out comes when it should.

local HERE = { "^%a+://127%.", "^%a+://localhost%f[:/%z]",
  "^%a+://%[::1%]" }

local function check_place(url)
  local origin = native.http.origin(url) or url
  for _, pattern in ipairs(HERE) do
    if origin:find(pattern) then
      return
    end
  end
  error("a test asks this machine alone (test.serve), not " .. origin, 0)
end

local function late(request, reply)
  local seconds = tonumber(reply.headers["test-delay"]) / 1000
  reply.headers["test-delay"] = nil
  if seconds < request.timeout then
    sleep(seconds)
    return reply
  end
  local _ <close> = reply.stream
  sleep(request.timeout)
  return nil, format("Operation timed out after %d milliseconds",
    request.timeout * 1000 // 1), "timeout", true
end

local exchange = native.http.exchange

function native.http.exchange(request)
  check_place(request.url)
  local reply, words, kind, sent = exchange(request)
  if reply and reply.headers["test-delay"] then
    return late(request, reply)
  end
  return reply, words, kind, sent
end

-- Running.

local function text_of(e)
  if native.has_words(e) then
    return tostring(e)
  end
  return "the error is " .. show(e) .. ": an error is a text"
end

local function explain(e)
  local text = text_of(e):gsub("^omnitron:%d+: ", "")
  local place = native.test.place(native.script_name)
  if place and text:sub(1, #place + 1) ~= place .. ":" then
    text = text .. "\nat " .. place
  end
  return text
end

local function unmatched()
  local list = {}
  for _, request in ipairs(received()) do
    if request.unmatched then
      list[#list + 1] = format("no reply for %s %s%s (any more)",
        request.method, request.path,
        request.query == "" and "" or "?" .. request.query)
    end
  end
  return list
end

-- The whole of a file, for the one test that is wanted.
function native.main(chunk, ...)
  local ok, e = xpcall(chunk, explain, ...)
  if not ok then
    error(e, 0)
  end
  local wanted = tests[native.test.wanted]
  native.test.begin(#tests, wanted and wanted.name)
  if not wanted then
    return
  end
  begun = true
  ok, e = xpcall(wanted.fn, explain)
  local failures = unmatched()
  if not ok then
    table.insert(failures, 1, e)
  end
  if #failures > 0 then
    error(concat(failures, "\n"), 0)
  end
end

return setmetatable(test, { __call = add_test, __metatable = false })
