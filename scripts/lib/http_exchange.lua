-- http_exchange.lua: one exchange after the other: the turn at a host, and
-- where redirects lead.

local parts = ...
local native, Reply = parts.native, parts.reply.meta
local location_of = parts.reply.location_of
local away = parts.away
local escape, header_lines = parts.encode.escape, parts.headers.lines
local shown, decode = parts.words.shown, parts.text.decode

local concat, setmetatable = table.concat, setmetatable

local REDIRECTS = 5

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

-- A mistake in the address is the server's; it leads to http and https alone.
local function next_place(url, origin, reply)
  local to = location_of(reply)
  if not to then
    return nil
  end
  to = resolve(url, origin, to)
  local place, why = native.origin(to)
  return to, place, why
end

-- A stream that goes on has left its turn: whoever reads it may ask the same
-- host meanwhile.
local function exchange(req, url, origin, token, from)
  local at_home = origin == req.origin
  local jar = at_home and req.jar
  local turn <close> = native.enter(origin, req.at_once)
  local braked = away.brake(origin)
  if braked then
    return nil, braked
  end
  local lines = header_lines(req.headers, token, at_home)
  lines[#lines + 1] = jar and jar:line(origin, url) or nil
  local reply, words, kind, sent = native.exchange {
    method = req.method, url = url, body = req.body, reads = req.reads,
    headers = lines,
    timeout = req.timeout, save_to = req.save_to, ca_file = req.ca_file,
    client_cert = at_home and req.client_cert or nil,
    client_key = at_home and req.client_key or nil,
    known_hosts = req.known_hosts, user = req.user, password = req.password,
    streams = req.streams, from = from and from.url, home = req.url,
    from_inside = from and from.inside,
  }
  local failure = not reply
    and { words = words, kind = kind, sent = sent } or nil
  away.saw(origin, req, reply, failure)
  if failure then
    return nil, failure
  end
  if jar then
    jar:take(origin, url, reply.cookies)
  end
  reply.cookies = nil
  reply.method, reply.url = req.method, url
  reply.origin = req.streams and req.origin or nil
  if not req.save_to then
    decode(reply, req.encoding, req.streams)
  end
  return setmetatable(reply, Reply), nil, words
end

-- -> reply | nil, failure { words, kind, sent, last }
local function follow(req, token)
  local url, origin, from = req.url, req.origin, nil
  for hop = 0, REDIRECTS do
    local reply, failure, inside = exchange(req, url, origin, token, from)
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
      reply.lost = REDIRECTS
      return reply
    end
    from = { url = url, inside = inside }
    url, origin = to, place
  end
end

return follow
