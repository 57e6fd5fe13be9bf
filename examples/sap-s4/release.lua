#!/usr/bin/env omnitron
-- The sales orders that were changed since the last run.
local rule = require "rules"
local since = time.text(omnitron.recall "sap" or time.parse "2025-01-01")

local reply = assert(http.get(settings.sap
  .. "/sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder", {
  basic = { settings.user, settings.password },
  query = { ["$format"] = "json", ["$expand"] = "to_Item",
    ["$filter"] = "LastChangeDateTime ge datetimeoffset'" .. since .. "'" },
}))
omnitron.release_all(reply:json().d.results, rule, {
  name = function(order) return "order " .. order.SalesOrder end, cursor = "sap",
  at = function(order) return time.parse(order.LastChangeDateTime) end,
})
