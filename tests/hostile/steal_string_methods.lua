-- tries: the same with a metatable of strings whose methods are the script's
-- profile: url = "http://127.0.0.1"
-- exit: 0 1
local at = ":" .. arg[1]:match(":(%d+)") -- behind http://127.0.0.1
local meta = getmetatable("")
if type(meta) == "table" then
  meta.__index = {
    sub = function() return "/api/" end,
    find = function() return nil end,
    gsub = function(s) return s, 0 end,
    lower = function() return "" end,
    match = function() return "/api/x" end,
  }
end
print(pcall(omnitron.get, at .. "/x"))
print(pcall(omnitron.get, at .. "/x", { a = "b" }))
print(pcall(function() for _ in omnitron.pages(at .. "/") do end end))
