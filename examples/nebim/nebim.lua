-- The integrator service: a session, then procedures in it. It answers 200 to
-- everything; what went wrong is in the body.
local function call(path, body)
  local reply = assert(http.post(settings.nebim .. path,
    { json = body, reads = true })):json()
  if reply.ExceptionMessage then
    error("Nebim: " .. reply.ExceptionMessage, 0)
  end
  return reply
end

-- Connect calls wrong credentials a success, too, but gives no session.
local session = call("/IntegratorService/Connect", settings.login).SessionID
if not session or session == "" then
  error("Nebim gave no session: look at login in profile.lua", 0)
end

return function(procedure, parameters)
  return call("/(S(" .. session .. "))/IntegratorService/RunProc",
    { ProcName = procedure, Parameters = parameters })
end
