#!/usr/bin/env omnitron
-- Every order that waits goes into the ERP, its items are released, and then
-- it is marked as sent. What was done before is done again without harm.
local erp_order = require "erp"

omnitron.each(omnitron.waiting_orders(), function(order)
  local booked = erp_order(order)
  for _, line in ipairs(booked.lines) do
    local done, message = omnitron.release { order_item_id = line.reference,
      code = booked.number .. "/" .. line.line, update_stock = true }
    if not done then return nil, message end
  end
  return omnitron.mark_sent(order)
end, { name = function(order) return "order " .. order.number end })
