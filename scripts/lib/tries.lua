-- tries.lua: a request that may be made again: what may pass, and how long
-- to wait for it. For http and for Omnitron's API alike.

local sleep, delay = ...

local random = math.random

local PASSING = { dns = true, connect = true, timeout = true, reset = true }
local BUSY = { [429] = true, [502] = true, [503] = true, [504] = true }

local function may_pass(reply, failure)
  if reply then
    return BUSY[reply.status]
  end
  return failure and PASSING[failure.kind] and not failure.last
end

-- As a release waits: host/delivery/retry.h has the curve.
local function pause_before(try, reply)
  return delay(try, random(), reply and reply.headers["retry-after"])
end

-- tries(most, once, ...) -> reply, failure, try: once(...) gives reply, or nil
-- and failure { kind [, last] }; `try` says how often it was called.
local function tries(most, once, ...)
  for try = 1, most do
    local reply, failure = once(...)
    if try == most or not may_pass(reply, failure) then
      return reply, failure, try
    end
    sleep(pause_before(try, reply))
  end
end

-- And what passes: may_pass(reply, failure), one of which is nil.
return tries, may_pass
