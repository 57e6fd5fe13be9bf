-- tries: under --mock, to write to hosts that only look like this machine
-- options: --mock
-- exit: 0 1
-- bound: 30
-- never: timeout|resolve|connect to|refused$
for _, url in ipairs { "http://10.255.255.1/x", "http://127.0.0.1@10.255.255.1/x", "http://10.255.255.1#@127.0.0.1/", "http://10.255.255.1\\@127.0.0.1/",
    "http://127.0.0.1.evil.invalid/x", "http://localhost.evil.invalid/", "http://0x0affff01/", "http://[::ffff:10.255.255.1]/", "http://169.254.169.254/",
    "https://erp.acme.example/x", "http://127.0.0.1:80@10.255.255.1/", "http://[::1]@10.255.255.1/", "HTTP://10.255.255.1/" } do
  for _, verb in ipairs { "post", "put", "delete" } do
    local ok, reply, why = pcall(http[verb], url, { timeout = 1 })
    print(url, ok, reply, why)
  end
end
