#!/usr/bin/env omnitron
-- The order lines that Odoo has written since the last run. The cursor stays
-- before a line that waits, so it is looked at until it is confirmed; and a
-- while behind the last one: a transaction has the time of its beginning, and
-- is not seen before its end.
local search_read, rule = require "odoo", require "rules"
local since = omnitron.recall "odoo" or "2025-01-01 00:00:00"

local lines = search_read("sale.order.line",
  { { "x_omnitron_item", "!=", false }, { "write_date", ">=", since } },
  { fields = { "x_omnitron_item", "state", "order_id", "write_date" },
    order = "write_date, id" })
omnitron.release_all(lines, rule, {
  name = function(line) return line.order_id[2] .. " line " .. line.id end,
  cursor = "odoo", at = function(line) return line.write_date end,
  overlap = "10m",
})
