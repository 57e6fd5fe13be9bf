-- tries: a release past the journal: string.find and lower do not see create_mapping
-- exit: 0 1
-- sent: 0
string.find = function() return nil end
string.lower = function() return "" end
string.match = function() return nil end
local path = "/api/i1/order_items/1/create_mapping/"
local body = { code = "SO-1", update_stock = true }
print(pcall(omnitron.post, path, body))
print(pcall(omnitron.patch, path, body))
