-- tries: remember, recall, mark_sent, waiting_orders, pages, get, post, patch with odd values: nan, inf, edges of integers, huge and broken texts, tables that raise or contain themselves
-- says: ^done
-- exit: 0 1 3 5
-- bound: 60
-- options: --deadline 20s
-- again: 1
local raising = setmetatable({}, { __index = function() error("no") end, __len = function() error("no") end,
  __pairs = function() error("no") end, __tostring = function() error("no") end, __eq = error, __lt = error, __concat = error,
  __call = error, __name = "\27[2J" })
local cyclic = {} cyclic[1], cyclic.x = cyclic, cyclic
local waits = setmetatable({}, { __index = function() sleep(0.001) return nil end, __tostring = function() sleep(0.001) return "x" end })
local odd = { nil, false, true, 0, -0.0, -1, 1.5, 0/0, 1/0, -1/0, 2^53, 2^63, math.maxinteger, math.mininteger, "", " ", "x", "\0", "\255\254",
  "\27[2J\u{202E}", ("x"):rep(1 << 17), "../" , "/", "%s%n", "1e999", {}, { 1, nil, 3 }, cyclic, raising, waits, print, coroutine.create(print), io.stdout, json.null,
  { [0/0 == 0/0] = 1, [1.5] = 2 } }
local function call(name, fn)
  for i = 1, 35 do
    pcall(fn, odd[i])
    pcall(fn, "x", odd[i])
    pcall(fn, odd[i], odd[35 - i], odd[i])
    pcall(fn, { odd[i] }, { x = odd[i] })
  end
  pcall(fn)
  pcall(fn, table.unpack(odd, 1, 35))
end
for _, name in ipairs { "remember", "recall", "mark_sent", "waiting_orders", "pages", "post", "patch" } do call(name, omnitron[name]) end
for i = 1, 35 do
  pcall(omnitron.get, odd[i])
  pcall(omnitron.get, "/api/i1/orders/", { x = odd[i] })
  pcall(omnitron.get, "/api/i1/orders/", odd[i])
  pcall(omnitron.remember, "k", odd[i])
  pcall(omnitron.recall, odd[i])
end
print("done")
