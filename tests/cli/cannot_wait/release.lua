local function release(n)
  return omnitron.release { order_item_id = n, code = "SO-1/" .. n }
end
local function try(what, fn) print(what, pcall(fn)) end

try("sort", function()
  table.sort({ 1, 2 }, function(a, b) release(a) return a < b end)
end)
try("gsub", function() ("x"):gsub("x", function() release(1) end) end)
try("tostring", function()
  return tostring(setmetatable({}, { __tostring = function() release(1) end }))
end)
try("generator in sort", function()
  local generator = coroutine.wrap(function() release(1) end)
  table.sort({ 1, 2 }, function(a, b) generator() return a < b end)
end)
try("sleep", function() ("x"):gsub("x", function() sleep(0) end) end)
try("recall", function()
  ("x"):gsub("x", function() omnitron.recall("k") end)
end)
try("each", function()
  table.sort({ 1, 2 }, function(a, b)
    omnitron.each({ 1 }, function() end)
    return a < b
  end)
end)
print("and on it goes", release(2).code)
