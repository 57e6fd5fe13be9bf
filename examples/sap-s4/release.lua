#!/usr/bin/env omnitron
-- The sales orders that were changed since the last run; and those of some
-- minutes before: a change is seen only when its transaction has ended.
local rule = require "rules"
local since = time.text(time.parse(omnitron.recall "sap" or "2025-01-01"))
local sap = http.client { basic = { settings.user, settings.password },
  base_url = settings.sap .. "/sap/opu/odata/sap/API_SALES_ORDER_SRV/" }

-- SAP gives a list in pieces: __next is where it goes on.
local orders = coroutine.wrap(function()
  local url, query = "A_SalesOrder", {
    ["$format"] = "json", ["$expand"] = "to_Item",
    ["$filter"] = "LastChangeDateTime ge datetimeoffset'" .. since .. "'",
  }
  while url do
    local page = assert(sap.get(url, { query = query })):json().d
    for _, order in ipairs(page.results) do coroutine.yield(order) end
    url, query = page.__next, nil
  end
end)

omnitron.release_all(orders, rule, {
  name = function(order) return "order " .. order.SalesOrder end, cursor = "sap",
  at = function(order) return order.LastChangeDateTime end, overlap = "10m",
})
