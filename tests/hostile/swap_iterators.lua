-- tries: iterators that call release_all, raise, return odd values, never end with false and true
-- exit: 0 1 3
-- bound: 40
-- options: --deadline 8s
-- sent: <=6
local function rule(n) return { order_item_id = n, code = "SO-" .. n, update_stock = true } end
local depth = 0
local function nested()
  depth = depth + 1
  if depth > 150 then return nil end
  omnitron.release_all(nested, function() return nil, "x" end)
  return depth
end
print(pcall(omnitron.release_all, nested, function() return nil, "x" end))
for _, odd in ipairs { false, true, 0, "x", print } do
  local n = 0
  print(pcall(omnitron.release_all, function()
    n = n + 1
    if n < 5 then return odd, odd, odd, odd end
  end, function() return nil, "x" end))
end
local list = setmetatable({}, { __index = function(_, i) return i < 4 and i or nil end, __len = function() return 1 << 62 end })
print(pcall(omnitron.release_all, list, rule))
local grows = { 1 }
print(pcall(omnitron.each, grows, function(n) if n < 3 then grows[#grows + 1] = n + 1 end end))
local t = { 4, 5, 6 }
print(pcall(omnitron.release_all, t, function(n) t[1], t[2], t[3] = nil, nil, nil return rule(n) end))
