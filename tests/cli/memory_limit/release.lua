local kept = {}
local ok, e = pcall(function() while true do kept[#kept + 1] = {} end end)
kept = nil
print(ok, e)
print(omnitron.release { order_item_id = 46761, code = "SO-1/10" }.code)
print(("x"):rep(1 << 25))
