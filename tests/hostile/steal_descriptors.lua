-- tries: to read what the process has open by /proc/self/fd: token file, journal, sockets, pipes
-- exit: 0 1
-- bound: 30
-- options: --deadline 3s
-- never: SQLite format
omnitron.get("/api/i1/orders/")
for _, folder in ipairs { "/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/" } do
  for n = 3, 40 do
    local ok, text = pcall(function()
      local file = io.open(folder .. n)
      local text = file and file:read(100)
      if file then file:close() end
      return text
    end)
    print(n, (tostring(text):gsub("[^ -~]", "?")))
  end
end
