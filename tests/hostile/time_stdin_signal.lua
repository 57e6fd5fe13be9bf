-- tries: reads a stdin that nobody writes, past a signal
-- exit: 143
-- signal: TERM 1
-- says: the run was ended: case\.lua:\d+ did not come back within a second of SIGTERM
-- command: run
-- setup: mkfifo in && (sleep 300 >in &) && true
-- The runner's stdin may be at its end: a FIFO that stays open is not.
local file = io.open("in") or io.stdin
print(file:read("a"))
while true do
end
