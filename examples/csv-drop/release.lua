#!/usr/bin/env omnitron
-- The files named; or else those in the inbox that nobody has written to for a
-- minute, and then a file goes to the archive once all of it is done.
local rule, options = dofile(here "rules.lua")
local named = #arg > 0
local inbox = here "inbox"

for _, path in ipairs(named and arg or fs.list(inbox, "*.csv", { quiet = 60 })) do
  local rows = csv.rows { path = path, encoding = options.csv.encoding }
  local done = omnitron.release_all(rows, rule, {
    name = function(row) return "order " .. row.order end,
  })
  if done.safe and not named then
    fs.move(path, here "archive")
  end
end
