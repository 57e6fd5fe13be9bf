-- http_retry.lua: what is tried again, and what is said when it was no use.

local parts = ...
local sleep, shown, authorised =
  parts.sleep, parts.words.shown, parts.token.authorised
local is_good, trouble_of = parts.reply.is_good, parts.reply.trouble_of

local format, tonumber = string.format, tonumber
local max, min, random = math.max, math.min, math.random

local FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60

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

local HINTS = {
  toolarge = " (more than 64 MiB: save_to takes any size)",
  tls = " (its key has to stand in known_hosts)",
}

local function hint(req, kind)
  return (kind ~= "tls" or req.known_hosts) and HINTS[kind] or ""
end

local function failure_text(req, failure, tries)
  local text = format("%s %s: %s%s", req.method, shown(req.url), failure.words,
    hint(req, failure.kind))
  if tries > 1 then
    return format("%s (%d tries)", text, tries)
  elseif req.repeats or failure.sent == nil then
    return text
  elseif failure.sent then
    return text .. "; whether it was received is not known"
  end
  return text .. "; nothing was sent"
end

-- -> reply | nil, message, kind [, reply]
return function(req)
  local reply, failure, tries = try_all(req)
  if not reply then
    return nil, failure_text(req, failure, tries), failure.kind
  elseif req.any_status or is_good(reply) then
    return reply
  end
  return nil, trouble_of(reply), "status", reply
end
