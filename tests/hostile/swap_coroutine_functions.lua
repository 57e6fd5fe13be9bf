-- tries: to replace coroutine.running, yield, wrap and resume under what waits
-- exit: 0 1 3
-- bound: 30
-- options: --deadline 3s
-- sent: <=3
local yield = coroutine.yield
coroutine.running = function() return "me", false end
coroutine.isyieldable = function() return true end
coroutine.wrap = function(fn) return fn end
coroutine.yield = function() return "no" end
coroutine.resume = function() return true end
coroutine.create = function() return "co" end
print(pcall(omnitron.release_all, csv.rows(here "lines.csv"), function(row)
  pcall(yield, 1)
  return { order_item_id = row.item, code = row.erp_doc, update_stock = true }
end))
local client = http.client { base_url = arg[1], bearer = function() return "x", 1 end }
print(pcall(client.get, "/x"))
print(pcall(function() for _ in http.lines(arg[1] .. "/x") do yield() end end))
