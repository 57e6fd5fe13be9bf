-- tries: create_mapping in spellings that a server may read as that
-- exit: 0
-- sent: 0
for _, path in ipairs { "/api/i1/order_items/1/create%5fmapping/",
    "/api/i1/order_items/1/%63reate_mapping/", "/api/i1/order_items/1/create_mapping",
    "/api/i1/order_items/1//create_mapping/", "/api/i1/order_items/1/./create_mapping/",
    "/api/i1/order_items/1/x/../create_mapping/", "/api/i1/order_items/1/create_mapping/?x=1",
    "/api/i1/order_items/1/CREATE_MAPPING/", "/api/i1/order_items/1/create_mapping;x/",
    "/api/i1/order_items/1/create%255fmapping/", "/api/v1/order_items/1/create_mapping/#",
    "/api/i1/order_items/1/create_mapping%2f", "/api/i1/order_items/1/create_mapping/%20" } do
  print(pcall(omnitron.post, path, { code = "SO-1", update_stock = true }))
  print(pcall(omnitron.patch, path, { code = "SO-1", update_stock = true }))
end
