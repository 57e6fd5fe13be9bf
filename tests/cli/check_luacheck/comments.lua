-- luacheck: globals defined_elsewhere
-- luacheck: std lua51+busted
local kept = 1 -- luacheck: ignore
local also = 2 -- luacheck: ignore 211
local function rule(row)
  defined_elsewhere = row.x
  some = row.y -- luacheck: ignore
  print(none) -- luacheck: ignore 113/none
  print(some, nobody)
  return nil, "none"
end
-- luacheck: push no unused
local quiet = 3
-- luacheck: pop
local loud = 4
-- luacheck: nonsense
return rule
