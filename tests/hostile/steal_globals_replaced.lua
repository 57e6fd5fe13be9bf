-- tries: type, error, pcall and the like are the script's when the path is looked at
-- profile: url = "http://127.0.0.1"
-- exit: 0 1
local at = ":" .. arg[1]:match(":(%d+)") -- behind http://127.0.0.1
error = function() end
assert = function(...) return ... end
type = function() return "string" end
tostring = function() return "/api/" end
tonumber = function() return 1 end
pcall = function(fn, ...) return true, fn(...) end
xpcall = function(fn, _, ...) return true, fn(...) end
omnitron.get(at .. "/x")
