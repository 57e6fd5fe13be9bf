-- tries: a secret written in pieces, by every way to stdout and stderr
-- exit: 0
-- setup: printf 'tiger-canary-4711' >erp; chmod 600 erp
-- profile: settings = { erp = secret "erp" },
-- never: tiger-canary-4711
-- says: ^[*]{3}$
local s = settings.erp
for i = 1, #s do io.write(s:sub(i, i)) end io.write("\n")
for i = 1, #s do io.stdout:write(s:sub(i, i)) io.stdout:flush() end print()
for i = 1, #s do io.stderr:write(s:sub(i, i)) end io.stderr:write("\n")
io.write(s:sub(1, 5)) print(s:sub(6))
io.stdout:setvbuf("no") io.write(s:sub(1, 9)) io.flush() io.write(s:sub(10), "\n")
io.output(io.stderr) io.write(s:sub(1, 9)) io.output(io.stdout)
io.stderr:write(s:sub(10), "\n")
io.write(s:sub(1, 16)) io.write(s:sub(17), "\n")
