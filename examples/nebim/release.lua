#!/usr/bin/env omnitron
-- usp_OmnitronOrders: a procedure of the customer's own, the last days' orders.
local nebim, rule = require "nebim", require "rules"

local orders = nebim("usp_OmnitronOrders", { { Name = "Days", Value = "3" } })
omnitron.release_all(orders, rule, {
  name = function(order) return order.OrderNumber end,
})
