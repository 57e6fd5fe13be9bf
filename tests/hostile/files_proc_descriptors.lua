-- tries: what the program has open, by its descriptors in /proc/self/fd and /dev/fd
-- exit: 0
-- never: SQLite format|^process \d
for n = 0, 60 do
  for _, at in ipairs { "/proc/self/fd/", "/dev/fd/", "/proc/thread-self/fd/" } do
    local file = io.open(at .. n)
    if file then
      print(file:read(16))
      file:close()
    end
    pcall(loadfile, at .. n)
  end
end
assert(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
