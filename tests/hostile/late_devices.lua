-- tries: devices where a file is meant: /dev/zero, /dev/random, /dev/tty, /dev/stdin, /dev/full
-- exit: 0 1 3 5
-- bound: 25
-- options: --deadline 1s
-- profile: run_away = "1s"
for _, path in ipairs { "/dev/zero", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/stdin", "/proc/self/fd/0", "/proc/kmsg", "/dev/full" } do
  print(path, pcall(function() local f = assert(io.open(path)) return f:read("a") end))
  print(path, pcall(loadfile, path))
  print(path, pcall(csv.rows, path))
  print(path, pcall(function() return csv.table(path, "a") end))
  print(path, pcall(http.get, arg[1], { save_to = path }))
end
