-- away.lua: a host that is away, and what follows: after a few failures in a
-- row it is left alone for a while, and what a rule says because of it is
-- known as the host's trouble, not as the rule's.
--
-- A failure is what may pass, as tries.lua has it. The rule's words are the
-- evidence: what it raises or returns has the message in it that the request
-- gave. A script that does without the answer is not asked.

local native, may_pass = ...

local find, now = string.find, os.time
local ipairs = ipairs

local IN_A_ROW <const> = 6 -- exchanges that failed, of REQUESTS or more, over
local REQUESTS <const> = 3
local BLIP <const> = 2 -- seconds at least: what is shorter, tries get over
local ALONE <const> = 60 -- seconds; then one request looks
local KEPT <const> = 64 -- messages: of those that are under way

local away = {}
local hosts = {} -- by name: what came of the requests in a row
local messages, next_message = {}, 1 -- a ring

local function state_of(host)
  local state = hosts[host]
  if not state then
    state = { failures = 0, requests = 0 }
    hosts[host] = state
  end
  return state
end

--- Why the host is not asked now, a failure as exchanges have it; or nil. Who
--- gets nil may be the one that looks.
function away.brake(host)
  local state = state_of(host)
  local time = now()
  if not state.over then
    return nil
  elseif time >= state.over or state.over - time > ALONE then
    state.over = time + ALONE
    return nil
  end
  return { words = host .. " is left alone for a minute, since request after "
    .. "request came to nothing", whole = true, kind = state.kind, last = true,
    away = true, sent = false }
end

local function failed(state, request, kind)
  state.failures = state.failures + 1
  state.since = state.since or now()
  state.kind = kind
  if state.request ~= request then
    state.requests = state.requests + 1
    state.request = request
  end
  if state.failures >= IN_A_ROW and state.requests >= REQUESTS
      and now() - state.since >= BLIP then
    state.over = now() + ALONE
  end
end

--- What came of one exchange; `request` tells one request's tries from
--- another's.
function away.saw(host, request, reply, failure)
  local state = state_of(host)
  if may_pass(reply, failure) then
    failed(state, request, failure and failure.kind or "status")
    state.answers = false
  elseif reply then
    if not state.answers then
      native.host_answered(host)
    end
    hosts[host] = { failures = 0, requests = 0, answers = true }
  end
end

--- A request came to nothing, and this is what its script is told.
function away.note(host, message)
  for _, one in ipairs(messages) do
    if one.message == message then
      return
    end
  end
  messages[next_message] = { host = host, message = message }
  next_message = next_message % KEPT + 1
end

--- Notes it if it is such a failure.
function away.note_failure(host, message, reply, failure)
  if failure and failure.away or may_pass(reply, failure) then
    away.note(host, message)
  end
end

local function cause_of(text)
  for _, one in ipairs(messages) do
    if find(text, one.message, 1, true) then
      return one
    end
  end
end

--- Whether the text says that a host is away; it is counted as a row that
--- waits for it, with `ended` as the script's end.
function away.blame(text, ended)
  local cause = #messages > 0 and cause_of(text)
  if cause then
    native.host_cost(cause.host, cause.message, ended or false)
    state_of(cause.host).answers = false
  end
  return cause ~= nil and cause ~= false
end

return away
