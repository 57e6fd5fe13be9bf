#!/usr/bin/env omnitron
-- The orders that wait, and what Business Central has of them.
local pages, rule = require "bc", require "rules"

local lines = {}
for order in pages "salesOrders?$expand=salesOrderLines" do
  lines[order.externalDocumentNumber] = order.salesOrderLines
end
omnitron.release_all(omnitron.waiting_orders(), function(order)
  return rule(order, lines[order.number])
end, { name = function(order) return "order " .. order.number end })
