#!/usr/bin/env omnitron
-- What cron runs: the files named, through the rule in rules.lua.
local rule = require "rules"

if #arg == 0 then
  error("name the CSV files: omnitron run release.lua inbox/lines.csv", 0)
end
for _, path in ipairs(arg) do
  omnitron.release_all(csv.rows(path), rule, {
    name = function(row) return row.erp_doc .. "/" .. row.erp_line end,
  })
end
