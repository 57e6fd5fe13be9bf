-- tries: a summary that says safe although rows failed: altered by name, at, the rule, replaced globals
-- exit: 0 1 3
-- never: ^SAFE
rawset(_G, "pairs", function() return function() end end)
local s
for _ = 1, 3 do
  s = omnitron.release_all({ 1, 2, 3 }, function(n)
    if n == 2 then error(setmetatable({}, { __tostring = function() return "" end })) end
    return nil, "x"
  end, { name = function(n) return "row" end })
  if s.safe or s.failed == 0 then print("SAFE") end
end
assert(s.rows == 3, s.rows)
