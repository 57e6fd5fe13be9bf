-- tries: replaced ipairs, next, select, rawget, tostring, type, setmetatable, which see latches and metatables of the library
-- exit: 0
-- says: nothing of the library was seen
-- sent: 3
local seen = {}
local function spy(name)
  local real, kind = _G[name], type
  _G[name] = function(...)
    local value = ...
    if kind(value) == "table" then
      for _, inner in next, value do
        if kind(inner) == "userdata" or kind(inner) == "thread" then
          seen[#seen + 1] = { name, inner }
        end
      end
      if kind((select(2, ...))) == "table" and name == "setmetatable" then
        seen[#seen + 1] = { name, (select(2, ...)) }
      end
    end
    return real(...)
  end
end
local next, select, print, pcall = next, select, print, pcall
local real_sort = table.sort
for _, name in ipairs { "ipairs", "next", "rawget", "tostring", "type",
    "setmetatable", "select" } do
  spy(name)
end
local generator = coroutine.wrap(function()
  for row in csv.rows "lines.csv" do
    sleep(0.01)
    coroutine.yield(row)
  end
end)
omnitron.release_all(generator, function(row)
  sleep(0.01)
  return { order_item_id = row.item, code = row.erp_doc }
end)
for _, what in next, seen do
  print("seen by " .. what[1])
  for _, method in next, { "wait", "open" } do
    real_sort({ 2, 1 }, function() pcall(function() what[2][method](what[2]) end) return false end)
  end
end
if #seen == 0 then
  print("nothing of the library was seen")
end
