-- http_token.lua: tokens: a client's function gives one, which all its
-- requests share; and sessions, of which the cookies are the token.

local parts = ...
local native, follow = parts.native, parts.exchange

local error, pcall, setmetatable, tostring, type =
  error, pcall, setmetatable, tostring, type
local min = math.min
local ipairs = ipairs
local running, now = coroutine.running, os.time

local FAILED_FOR = 5 -- seconds; a log-in that fails may lock an account
local REFUSED_FOR = 60

local Source = {}
Source.__index, Source.__metatable = Source, false
local sources = 0

-- With a jar it is a session, whose function is given `inner`, to log in with.
local function new_source(fn, renew_on, jar, inner)
  sources = sources + 1
  local ends = { [401] = true }
  for _, status in ipairs(renew_on or {}) do
    ends[status] = true
  end
  return setmetatable({ fn = fn, key = "token " .. sources, refused = 0,
    since = 0, ends_with = ends, jar = jar, inner = inner }, Source)
end

function Source:is_good()
  return self.token and (not self.ends or now() < self.ends)
end

local function check_session(done)
  if done ~= true then
    error("session must return true, and the seconds it lasts if it knows "
      .. "them, or nil and why not, not a " .. type(done), 0)
  end
  return {} -- one session is not the other
end

-- It is renewed before it ends: a request may be under way for a while.
function Source:keep(token, lasts)
  if self.jar then
    token = check_session(token)
  elseif type(token) ~= "string" or not token:find("^[\33-\126]+$") then
    error("bearer must return a token, a text without spaces, not a "
      .. type(token), 0)
  end
  if lasts ~= nil and (type(lasts) ~= "number" or lasts ~= lasts) then
    error((self.jar and "session must return true" or
      "bearer must return a token") .. " and the seconds it lasts, not a "
      .. type(lasts), 0)
  end
  self.token, self.failure = token, nil
  self.ends = lasts and now() + lasts - min(30, lasts / 10)
  self.since = now()
end

function Source:fail(failure)
  failure.over = now() + FAILED_FOR
  self.failure = failure
end

function Source:ask()
  if self.jar then
    self.jar:clear()
  end
  local ok, token, lasts, kind = pcall(self.fn, self.inner)
  if not ok then
    self:fail { raised = token }
  elseif token == nil then
    self:fail { words = (self.jar and "no session: " or "no token: ") .. tostring(lasts),
      kind = type(kind) == "string" and kind or "status", last = true }
  else
    self:keep(token, lasts)
  end
end

-- Called by one task at a time; the others find what it got.
function Source:refresh()
  local me = running()
  if self.asker == me then
    error(self.jar and "session uses its own client, which waits for it: use "
      .. "the one that it is given"
      or "bearer uses its own client, which waits for the token: use "
      .. "http.post in it", 0)
  end
  local turn <close> = native.enter(self.key, 1)
  local failure = self.failure
  if self:is_good() or (failure and now() < failure.over) then
    return
  end
  self.asker, self.failure = me, nil
  local ok, e = pcall(self.ask, self)
  self.asker = nil
  if not ok then
    error(e, 0)
  end
end

-- -> token | nil, failure
function Source:get()
  if not self:is_good() then
    self:refresh()
  end
  local failure = self.failure
  if failure and failure.raised ~= nil then
    error(failure.raised, 0)
  elseif failure then
    return nil, failure
  end
  return self.token
end

-- A 401: whether another token is worth a try. One that was refused twice in
-- a row is not.
function Source:renew(token)
  if self.token ~= token then
    return true
  elseif self.refused >= 2 and now() - self.since < REFUSED_FOR then
    return false
  end
  self.token = nil
  self.refused = self.refused + 1
  return true
end

-- With a token, when there is a source; once more after a 401.
local function authorised(req)
  local source = req.source
  if not source then
    return follow(req)
  end
  local reply, failure
  for try = 1, 2 do
    local token, why = source:get()
    if not token then
      return nil, why
    end
    reply, failure = follow(req, not source.jar and token or nil)
    if not reply or not source.ends_with[reply.status] then
      source.refused = reply and 0 or source.refused
      break
    elseif try == 2 or not source:renew(token) then
      break
    end
  end
  return reply, failure
end

return { new = new_source, authorised = authorised }
