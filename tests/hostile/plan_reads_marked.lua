-- tries: reads that are none: reads = true is the script's word; nothing else may pass for it
-- command: plan
-- exit: 0 1 3 10
-- after: ! grep -qhE '^(POST|PUT|PATCH|DELETE) /(no|x)' "$RECORDED"/* 2>/dev/null
for _, reads in ipairs { 1, "true", {}, setmetatable({}, { __eq = function() return true end }), "yes" } do
  print(pcall(http.post, arg[1] .. "/no", { body = "x", reads = reads }))
end
local options = setmetatable({ body = "x" }, { __index = function(_, k) if k == "reads" then return true end end,
  __pairs = function(t) return next, { body = "x", reads = true } end })
print(pcall(http.post, arg[1] .. "/x", { body = "x", reads = false }))
print(pcall(http.client { base_url = arg[1] }.post, "/no", { body = "x" }))
