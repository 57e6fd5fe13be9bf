-- tries: a URL of 6 MiB, of which libcurl makes copies
-- profile: memory = "16M",
-- exit: 0 1
-- sent: 0
print(pcall(http.get, arg[1] .. "/" .. ("x"):rep(6 << 20)))
