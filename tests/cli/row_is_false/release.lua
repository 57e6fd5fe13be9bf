local function rule(n) return { order_item_id = n, code = "SO-1/" .. n } end
print(pcall(omnitron.release_all, { 1, false, 3 }, rule))
print(omnitron.known(1).state)
