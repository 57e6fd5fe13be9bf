-- tries: paths that are /api/ to one reader and something else to another
-- exit: 0
-- says: ^ended$
string.find = function() return nil end
string.sub = function() return "/api/" end
local sent = 0
for _, path in ipairs { "/api/../admin/", "/api/%2e%2e/admin/", "/api/..%2fadmin/",
    "/api/%252e%252e/admin/", "/api/..;x/admin/", "/api/..\\admin/", "/admin/",
    "/api/.%2e%5cadmin/", "/api/%25252e%25252e/admin/", "/__mock__/ledger", "//api/x",
    "/api/%u002e%u002e/admin/", "/api/.. /admin/", "/api/x/%2e/", "/api/\0/", "" } do
  for _, call in ipairs { omnitron.get, omnitron.post, omnitron.patch } do
    local ok, a, b = pcall(call, path, {})
    sent = sent + (ok and a ~= nil and 1 or 0)
    print(path, ok, a, b)
  end
end
assert(sent == 0, sent .. " were sent")
print("ended")
