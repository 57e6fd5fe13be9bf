-- tries: under --mock, the profile's token: it must not be read, nor go anywhere
-- options: --mock
-- exit: 0 1
print(omnitron.get("/api/i1/orders/"))
print(omnitron.release { order_item_id = 1, code = "SO-1", update_stock = true })
print(pcall(omnitron.get, "@" .. arg[1]:match("//(.*)") .. "/x"))
print(http.get(arg[1] .. "/x"))
