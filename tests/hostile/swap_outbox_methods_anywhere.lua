-- tries: every method of the outbox with odd values, from the rule, a finalizer, a coroutine
-- exit: 0 1 3 5 70
-- bound: 30
-- options: --deadline 3s
local box
local real = xpcall
xpcall = function(fn, handler, first, ...)
  if type(first) == "table" and rawget(first, "outbox") then box = first.outbox end
  return real(fn, handler, first, ...)
end
local odd = { nil, 0, -1, math.mininteger, math.maxinteger, 0/0, "", "x", {}, { { } }, print, true,
  setmetatable({}, { __index = function() error("no") end }) }
local function poke()
  if not box then return end
  local meta = getmetatable(box)
  for _, name in ipairs { "good", "take", "put", "open", "prefix", "wait" } do
    local ok, method = pcall(function() return box[name] end)
    if ok and method then
      for i = 1, 13 do
        pcall(method, box, odd[i], odd[i], odd[i], odd[i], odd[i])
        pcall(method, odd[i], box)
      end
      pcall(table.sort, { 1, 2 }, function() method(box, {}) return true end)
    end
  end
end
local co = coroutine.wrap(function() while true do poke() coroutine.yield() end end)
pcall(omnitron.release_all, { 1, 2 }, function(row)
  setmetatable({}, { __gc = poke })
  pcall(co)
  collectgarbage()
  return { order_item_id = row, code = "SO-" .. row, update_stock = true }
end)
poke()
