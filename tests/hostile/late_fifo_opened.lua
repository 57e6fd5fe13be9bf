-- tries: io.open of a FIFO nobody writes to, past the deadline
-- exit: 0 1 5
-- bound: 25
-- options: --deadline 1s
-- setup: mkfifo fifo
local ok, file = pcall(io.open, here "fifo")
print(ok, file)
if ok and file then print(file:read("a")) end
