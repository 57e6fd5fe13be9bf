-- tries: a write out of a plan, with every string function that could see it replaced
-- command: plan
-- exit: 0 1 3 10
-- after: test ! -s "$RECORDED" || ! cat "$RECORDED"/* 2>/dev/null | grep -qE '^(POST|PUT|PATCH|DELETE|MERGE)'
local url = arg[1]
for _, name in ipairs { "find", "match", "gmatch", "gsub", "sub", "lower", "upper", "byte", "rep", "len" } do
  string[name] = function(s) return "GET", "GET" end
end
local list = {}
for _, method in ipairs { "POST", "PUT", "PATCH", "DELETE", "MERGE" } do
  list[#list + 1] = function() return http.request(method, url .. "/a", { body = "x" }) end
  list[#list + 1] = function() return http.client { base_url = url }.request(method, "/a", { json = {} }) end
  list[#list + 1] = function() return http.request("GET", url .. "/a", { body = method }) end
end
list[#list + 1] = function() return omnitron.post("/api/v1/x/", {}) end
list[#list + 1] = function() return omnitron.patch("/api/v1/x/", {}) end
for _, fn in ipairs(list) do print(pcall(fn)) end
