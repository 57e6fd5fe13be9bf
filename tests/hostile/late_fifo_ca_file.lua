-- tries: ca_file, client_cert and client_key that are a FIFO
-- exit: 0 1 5
-- bound: 25
-- options: --deadline 1s
-- setup: mkfifo fifo
local url = "https://" .. arg[2]:match("//(.*)")
for _, options in ipairs { { ca_file = here "fifo" }, { client_cert = here "fifo" }, { client_cert = here "fifo", client_key = here "fifo" } } do
  options.timeout, options.tries = 1, 1
  print(pcall(http.get, url, options))
end
