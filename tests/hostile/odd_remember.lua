-- tries: remember, recall, mark_sent, waiting_orders, pages, get, post, patch with odd values: nan, inf, edges of integers, huge and broken texts, tables that raise or contain themselves
-- says: ^done
-- exit: 0 1 3 5
-- bound: 60
-- options: --deadline 20s
-- again: 1
-- setup: cp "$CASES/lib/odd.lua" .
local odd, call = dofile("odd.lua")
for _, name in ipairs { "remember", "recall", "mark_sent", "waiting_orders", "pages", "post", "patch" } do call(name, omnitron[name]) end
for i = 1, 35 do
  pcall(omnitron.get, odd[i])
  pcall(omnitron.get, "/api/i1/orders/", { x = odd[i] })
  pcall(omnitron.get, "/api/i1/orders/", odd[i])
  pcall(omnitron.remember, "k", odd[i])
  pcall(omnitron.recall, odd[i])
end
print("done")
