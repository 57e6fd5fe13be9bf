-- tries: errors, reasons, names and cursors that are objects, whose __tostring raises, waits, or gives no text
-- exit: 3
-- never: a fault of the program
-- says: ^walls stand
-- sent: 0
local function object(fn)
  return setmetatable({}, { __tostring = fn, __concat = fn, __lt = fn,
    __name = {}, __index = fn, __len = fn })
end
local odd = { object(error), object(function() return 1 end),
  object(function() sleep(1) end), object(function() error(nil) end),
  object(coroutine.yield), object(function() return object(error) end),
  false, 1, print, coroutine.create(print), io.stderr }
for _, value in ipairs(odd) do
  omnitron.release_all({ 1 }, function() error(value) end)
  omnitron.release_all({ 1 }, function() return nil, value end)
  omnitron.release_all({ 1 }, function() return nil, "x", value end)
  omnitron.release_all({ 1 }, function() return value end)
  omnitron.release_all({ 1 }, function()
    return { order_item_id = value, code = value, update_stock = value } end)
  omnitron.each({ 1 }, function() return nil, value end)
  omnitron.each({ 1 }, function() error(value) end)
  omnitron.each({ 1 }, print, { name = function() return value end })
  omnitron.each({ 1, 2 }, function() return nil, "later" end,
    { cursor = "x", at = function() return value end })
  pcall(omnitron.each, function() error(value) end, print)
  pcall(omnitron.each, { 1 }, print, { at_once = value })
  pcall(omnitron.each, { 1 }, print, { cursor = value, at = print })
  pcall(log.info, value, { a = value, [value] = 1 })
  pcall(json.encode, { value })
  pcall(http.get, value, value)
  pcall(omnitron.get, value, { a = value })
  pcall(here, value)
end
print("walls stand")
