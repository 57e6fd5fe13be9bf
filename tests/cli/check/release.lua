#!/usr/bin/env omnitron
local rule = require "rules"
local prices = require "prices"
local erp = http.client { base_url = settings.erpp }

local function stock_of(sku)
  local reply = erp.gte("/stock/" .. sku)
  return json.decod(reply.body)
end

for _, path in ipairs(arg) do
  omnitron.release_all(csv.rows(path), rule)
  count = (count or 0) + 1
end
print(count, stock_of(rule), fs.lst("."), os.execute("ls"))
omnitron.relase { order_item_id = 1, code = "A/1" }
omnitron.release { order_item_id = "1", code = 10 }
