-- tries: to move a cursor past rows that failed: `at` that lies, raises, is nan, changes; an iterator that ends early
-- exit: 0 1 3
-- never: ^MOVED
local function at_most(key, most)
  local value = omnitron.recall(key)
  if value ~= nil and not (value == value and value <= most) then print("MOVED " .. key, value) end
end
local function rule(n) if n == 3 then error("no") end return nil, "x" end
for name, at in pairs { nan = function(n) return n == 3 and 0/0 or n end, raises = function(n) if n == 3 then error("x") end return n end,
    inf = function(n) return n == 3 and 1/0 or n end, text = function(n) return n == 3 and "3" or n end,
    none = function(n) if n ~= 3 then return n end end, honest = function(n) return n end } do
  pcall(omnitron.release_all, { 1, 2, 3, 4, 5 }, rule, { cursor = name, at = at })
  at_most(name, 3)
end
local n = 0
pcall(omnitron.release_all, function() n = n + 1 if n > 3 then error("the ERP is gone") end return n end,
  function() return nil, "x" end, { cursor = "broken", at = function(i) return i end })
at_most("broken", 0)
