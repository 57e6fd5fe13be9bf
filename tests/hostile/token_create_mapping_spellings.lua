-- tries: create_mapping past the journal: string.find finds nothing, string.lower says nothing
-- exit: 0
-- sent: 0
-- says: ^ended$
string.find = function() return nil end
string.lower = function() return "" end
string.gsub = function(s) return s, 0 end
local sent = 0
for _, word in ipairs { "create_mapping", "create%5fmapping", "%63reate_mapping",
    "create%255Fmapping", "CREATE_MAPPING", "/create_mapping", ";/create_mapping",
    "create_mapping;x", "x/..;/create_mapping", "create%u005fmapping",
    "%63%72%65%61%74%65%5f%6d%61%70%70%69%6e%67" } do
  for _, call in ipairs { omnitron.post, omnitron.patch } do
    local ok, a, b = pcall(call, "/api/i1/order_items/1/" .. word .. "/",
      { code = "SO-1", update_stock = true })
    sent = sent + (ok and a ~= nil and 1 or 0)
    print(word, ok, a, b)
  end
end
assert(sent == 0, sent .. " were sent")
print("ended")
