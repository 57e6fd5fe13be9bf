print(omnitron.release { order_item_id = 46761, code = "SO-1/10" }.code)
local order = nil
print(order.number)
