-- http_ours.lua: the one server that a rehearsal (--mock, a test) may write to
-- is this program itself, `omnitron mock --serve` or test.serve. That it is on
-- this machine says nothing: a tunnel to an ERP is, too. So it is asked.

local parts = ...
local native = parts.native

local WHO = "/__mock__/who"
local ANSWER = '{"who":"omnitron mock"}'
local TIMEOUT = 5

local function ask(origin, ca_file)
  local reply = native.exchange { method = "GET", url = origin .. WHO,
    headers = {}, timeout = TIMEOUT, ca_file = ca_file }
  return reply ~= nil and reply.status == 200 and reply.body == ANSWER
end

-- Once for each origin, where it matters: before the first request that
-- writes. One task asks, the others wait for what it hears.
return function(req)
  local origin = native.stranger(req.method, req.url, req.reads)
  if not origin then
    return
  end
  local turn <close> = native.enter(origin .. WHO, 1)
  if native.stranger(req.method, req.url, req.reads) then
    native.note_stranger(origin, ask(origin, req.ca_file))
  end
end
