-- tries: the verbs of http, a client, lines with odd values: nan, inf, edges of integers, huge and broken texts, tables that raise or contain themselves
-- says: ^done
-- exit: 0 1 3 5
-- bound: 60
-- options: --deadline 20s
-- again: 1
-- setup: cp "$CASES/lib/odd.lua" .
local odd, call = dofile("odd.lua")
for _, name in ipairs { "get", "post", "put", "delete", "head", "request", "client", "lines" } do
  if name ~= "get" then call(name, http[name]) end
end
for _, key in ipairs { "query", "headers", "json", "form", "body", "basic", "bearer", "timeout", "tries", "save_to", "any_status", "reads",
    "ca_file", "client_cert", "client_key", "known_hosts", "base_url", "at_once" } do
  for i = 1, 35 do
    pcall(http.post, arg[1] .. "/x", { [key] = odd[i], timeout = key ~= "timeout" and 1 or odd[i], tries = key == "tries" and odd[i] or nil })
    pcall(http.client, { [key] = odd[i] })
    pcall(http.client, { base_url = arg[1], [key] = odd[i] })
  end
end
print("done")
