#!/usr/bin/env omnitron
-- The same rule from a script, which can say more: a name for each row.
local rule, options = dofile(here "rules.lua")

for _, path in ipairs(arg) do
  local rows = csv.rows { path = path, encoding = options.csv.encoding }
  local done = omnitron.release_all(rows, rule, {
    name = function(row) return "order " .. row.order end,
  })
  if not done.safe then
    log.info(path .. " has to be read again")
  end
end
