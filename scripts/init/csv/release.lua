#!/usr/bin/env omnitron
-- What cron runs: the files named, through the rule in rules.lua; or else
-- those in the inbox that nobody has written to for a minute. A file goes from
-- there to the archive once nothing of it has to be read again.
-- A file that is not UTF-8: csv.rows { path = path, encoding = "windows-1254" }
local rule = require "rules"
local named = #arg > 0
local inbox = here "inbox"

for _, path in ipairs(named and arg or fs.list(inbox, "*.csv", { quiet = 60 })) do
  local done = omnitron.release_all(csv.rows(path), rule, {
    name = function(row) return row.erp_doc .. "/" .. row.erp_line end,
  })
  if done.safe and not named then
    fs.move(path, here "archive")
  end
end
