-- http_reply.lua: a reply: its JSON, its trouble.

local parts = ...
local decode, shown, excerpt =
  parts.json.decode, parts.words.shown, parts.words.excerpt
local lower = parts.encode.lower

local valid = utf8.len
local error, format, pcall, tostring = error, string.format, pcall, tostring

local methods = {}
local Reply = { __index = methods, __metatable = false }

local MOVED = { [301] = true, [302] = true, [303] = true, [307] = true,
  [308] = true }

local function media_type(reply)
  local text = lower(reply.headers["content-type"] or "")
  return (text:match("^%s*([^;%s]+)"))
end

local function strip_bom(text)
  return text:sub(1, 3) == "\239\187\191" and text:sub(4) or text
end

local PLAIN = { [""] = true, gzip = true, ["x-gzip"] = true, identity = true,
  ["utf-8"] = true }

-- What is said instead of JSON, and why there is none.
local function what_came(reply, why)
  local what = media_type(reply) or "no content type"
  local coding = lower(reply.headers["content-encoding"] or "")
  if not PLAIN[coding] then
    return what .. " coded as " .. coding .. ", which was not asked for"
  elseif not what:find("json", 1, true) then
    return what .. " instead of JSON"
  elseif not valid(reply.body, 1, -1, true) then
    return what .. ' that is not UTF-8 (say encoding = "windows-1254", or '
      .. "what it is)"
  end
  return what .. " that is none (" .. tostring(why) .. ")"
end

--- The value of a JSON body. Raises, with what came instead, when it is none.
---@param options? { keep_null: boolean }
---@return any
function methods:json(options)
  local ok, value = pcall(decode, strip_bom(self.body), options)
  if ok then
    return value
  end
  error(format("%s %s answered %d with %s: %s", self.method, shown(self.url),
    self.status, what_came(self, value), self.body == "" and "nothing"
    or excerpt((self.body:gsub("%s+$", "")))), 2)
end

-- Where it leads to; nil when it leads nowhere.
local function location_of(reply)
  return MOVED[reply.status] and reply.headers.location or nil
end

local function is_good(reply)
  return reply.status >= 200 and reply.status <= 299
end

-- Why it is none that was wanted.
local function trouble_of(reply)
  local text = format("%s %s answered %d", reply.method, shown(reply.url),
    reply.status)
  if reply.lost then
    return format("%s: it was redirected more than %d times", text, reply.lost)
  elseif reply.words then
    return format("%s %s: %s", reply.method, shown(reply.url), reply.words)
  elseif location_of(reply) then
    return text .. ", a redirect to " .. shown(location_of(reply))
  elseif reply.body == "" or media_type(reply) == "text/html" then
    return text
  end
  return text .. ": " .. excerpt(reply.body)
end

return { meta = Reply, location_of = location_of, is_good = is_good,
  trouble_of = trouble_of }
