-- http_retry.lua: what is tried again, and what is said when it was no use.

local parts = ...
local away, tries, shown, authorised =
  parts.away, parts.tries, parts.words.shown, parts.token.authorised
local is_good, trouble_of = parts.reply.is_good, parts.reply.trouble_of

local format = string.format

local HINTS = {
  toolarge = " (save_to takes any size)",
  tls = " (its key has to stand in known_hosts)",
}

-- A request that is too large was not sent.
local function hint(req, kind, sent)
  if kind == "tls" and not req.known_hosts
    or kind == "toolarge" and (req.save_to or not sent) then
    return ""
  end
  return HINTS[kind] or ""
end

local function failure_text(req, failure, made)
  if failure.whole then
    return failure.words
  end
  local text = format("%s %s: %s%s", req.method, shown(req.url), failure.words,
    hint(req, failure.kind, failure.sent))
  if made > 1 then
    return format("%s (%d tries)", text, made)
  elseif req.repeats or failure.sent == nil then
    return text
  elseif failure.sent then
    return text .. "; whether it was received is not known"
  end
  return text .. "; nothing was sent"
end

-- -> reply | nil, message, kind [, reply]
return function(req)
  local reply, failure, made = tries(req.tries, authorised, req)
  if not reply then
    local text = failure_text(req, failure, made)
    away.note_failure(req.origin, text, nil, failure)
    return nil, text, failure.kind
  elseif req.any_status or is_good(reply) then
    return reply
  end
  local text = trouble_of(reply)
  away.note_failure(req.origin, text, reply)
  return nil, text, "status", reply
end
