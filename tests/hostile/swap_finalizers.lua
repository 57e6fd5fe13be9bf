-- tries: finalizers that release, ask, wait, raise, resurrect, and are there at the end
-- exit: 0 1 3 5
-- bound: 30
-- options: --deadline 5s
-- sent: <=40
keep = {}
local function finalizer(n)
  return setmetatable({}, { __gc = function(self)
    pcall(omnitron.release, { order_item_id = n, code = "SO-" .. n, update_stock = true })
    pcall(http.get, arg[1] .. "/gc")
    pcall(sleep, 0.01)
    pcall(omnitron.get, "/api/i1/orders/")
    pcall(omnitron.release_all, { n }, function() return nil, "x" end)
    keep[#keep + 1] = self
    if #keep < 200 then finalizer(n) end
    error("in a finalizer")
  end })
end
for n = 1, 20 do finalizer(n) collectgarbage() end
print(omnitron.release { order_item_id = 30, code = "SO-30", update_stock = true })
at_the_end = finalizer(31)
local _ <close> = setmetatable({}, { __close = function()
  print(pcall(omnitron.release, { order_item_id = 32, code = "SO-32", update_stock = true }))
  sleep(0.1)
  error("in a closer")
end })
