-- tries: a pattern that goes through every possibility, past a signal
-- exit: 143
-- signal: TERM 1
-- says: case\.lua:\d+ did not come back within 5 s of SIGTERM
local text = ("a"):rep(30000)
pcall(string.find, text, ".-.-.-.-b")
