-- http_request.lua: from a verb, a URL and options to a request.

local parts = ...
local native, encode_text, bad =
  parts.native, parts.json.encode, parts.words.bad
local encode, headers, download = parts.encode, parts.headers, parts.download
local at_most_one, check_options = parts.options.at_most_one,
  parts.options.check
local find_ours = parts.ours
local FOR_REQUEST, merge = parts.options.for_request, headers.merge

local pcall, tostring, type = pcall, tostring, type

local AT_ONCE = 4
local TIMEOUT = 30
local TRIES = 3

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
    local origin = native.origin(url, true)
    if origin and origin ~= native.origin(base, true) then
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
  local origin, why = native.origin(url, true)
  if not origin then
    bad("the URL %s%s", why, why:find("password", 1, true)
      and " (use the option basic)" or "")
  end
  local query = encode.query(merge(client.query, options.query))
  if query ~= "" then
    local tail = url:find("?", 1, true) and "&" or "?"
    url = url .. (url:find("[?&]$") and "" or tail) .. query
  end
  return url, origin, why
end

local function encode_json(value)
  local ok, text = pcall(encode_text, value)
  if not ok then
    bad("json: %s", tostring(text))
  end
  return text
end

local ENCODERS = {
  body = function(text) return text end,
  form = function(list)
    return encode.form(list),
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
end

local function set_headers(req, client, options, content_type)
  local own = headers.of(options)
  req.headers = merge(client.own_headers, own)
  req.source = not own.authorization and client.source or nil
  req.jar = client.jar
  if req.jar and own.cookie then
    bad("headers: Cookie and the client's cookies exclude each other")
  end
  if content_type then
    headers.set_default(req.headers, "Content-Type", content_type)
  end
end

local function new_request(client, method, url, options, rows)
  options = first_of(options, {})
  check_method(method)
  check_options(options, rows or FOR_REQUEST)
  local req = { method = method, reads = options.reads or false,
    streams = rows ~= nil,
    at_once = client.at_once or AT_ONCE,
    timeout = options.timeout or client.timeout or TIMEOUT,
    any_status = first_of(options.any_status, client.any_status, false) }
  req.repeats = REPEATS[method] or req.reads
  check_repeat(req, options)
  req.tries = req.repeats and (options.tries or client.tries or TRIES) or 1
  local scheme, content_type
  req.url, req.origin, scheme = full_url(client, options, url)
  if download.is(scheme) then
    download.set(req, scheme, client, options)
  else
    req.body, content_type = body_of(method, options)
    set_headers(req, client, options, content_type)
    set_files(req, client, options)
  end
  req.save_to = options.save_to
  req.encoding = options.encoding or client.encoding
  find_ours(req)
  native.check_may_leave(method, req.url, req.reads, req.save_to,
    req.body)
  return req
end

-- new_request(client, method, url, options [, rows]): with rows, the options
-- of a stream, one whose reply streams.
return new_request
