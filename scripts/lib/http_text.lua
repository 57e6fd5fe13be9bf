-- http_text.lua: a body as UTF-8, whatever it came as: the request's
-- `encoding`, else the charset that the reply names.

local parts = ...
local decode, lower = parts.native.decode, parts.encode.lower

local valid = utf8.len

-- What WHATWG's encoding standard reads these as: who writes them means the
-- letters that Windows has beside them.
local MEANT = { ["iso-8859-1"] = "windows-1252", ["latin1"] = "windows-1252",
  ["iso-8859-9"] = "windows-1254", ["latin5"] = "windows-1254" }

-- Of these the charset is believed; a picture or an archive stays as it is.
local TEXTS = { "^text/", "json", "xml", "javascript", "csv", "urlencoded" }

local function is_text(kind)
  for _, pattern in ipairs(TEXTS) do
    if kind:find(pattern) then
      return true
    end
  end
  return false
end

local function charset_of(reply)
  local kind = lower(reply.headers["content-type"] or "")
  local name = is_text(kind)
    and kind:match("[;%s]charset%s*=%s*[\"']?%s*([^%s;\"',]+)")
  if not name and (kind == "" or is_text(kind))
      and (reply.body:find("^\255\254") or reply.body:find("^\254\255")) then
    return "utf-16" -- its mark says in which order
  end
  return name or nil
end

-- The name for iconv; nil: it is UTF-8, or nobody says anything.
local function encoding_of(reply, wanted)
  local name = wanted and lower(wanted) or charset_of(reply)
  if not name or name == "utf-8" or name == "utf8" then
    return nil
  end
  return MEANT[name] or name
end

local function is_wide(name)
  return name:find("^utf%-?16") or name:find("^utf%-?32") or name:find("^ucs")
end

-- What is UTF-8 and more than ASCII was never written as anything else: the
-- label is wrong, and "Ä°" would be made of an "İ". What cannot be decoded
-- stays as it came: who reads it says so.
local function to_utf8(text, name)
  if not text:find(is_wide(name) and "" or "[\128-\255]")
      or (not is_wide(name) and valid(text)) then
    return text
  end
  return decode(text, name) or text
end

-- The body of a reply; of one that is read line by line the name stays with it.
local function decode_reply(reply, wanted, streams)
  local name = encoding_of(reply, wanted)
  if not name then
    return
  elseif streams then
    reply.encoding = name
  else
    reply.body = to_utf8(reply.body, name)
  end
end

local function is_known(name)
  return not name:find("\0", 1, true) and decode("", name) ~= nil
end

return { decode = decode_reply, to_utf8 = to_utf8, is_wide = is_wide,
  is_known = is_known }
