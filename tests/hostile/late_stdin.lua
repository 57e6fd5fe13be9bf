-- tries: to read from the standard input, past the deadline
-- exit: 0 1 5
-- bound: 20
-- options: --deadline 1s
print(pcall(io.read, "a"))
print(pcall(function() return io.stdin:read(10) end))
for _ in io.lines() do end
