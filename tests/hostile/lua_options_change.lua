-- tries: tables whose metamethods say something else each time they are read, and change the table meanwhile
-- exit: 0 1 3
-- says: ^walls stand
-- sent: <=3
local function changing(answers)
  local n = 0
  return setmetatable({}, { __index = function(t, key)
    n = n + 1
    for i = 1, 50 do
      rawset(t, key .. i, i)
    end
    collectgarbage("step")
    local list = answers[key]
    return list and list[n % #list + 1]
  end, __pairs = function() return next, {} end })
end
local options = changing { at_once = { 1, 1e300, "x", -1, 3 },
  name = { print, 1, false }, cursor = { "a", 1, {} }, at = { print, 1 } }
for _ = 1, 20 do
  print(pcall(omnitron.release_all, { 1 }, function() return nil, "no" end,
    options))
end
for n = 1, 3 do
  print(pcall(omnitron.release, changing { order_item_id = { n, "x", {} },
    code = { "SO-" .. n, ("y"):rep(300), 1 }, update_stock = { true, 1 } }))
end
omnitron.release_all({ 1, 2 }, function(row)
  local list = {}
  for i = 1, 30 do
    list[i] = setmetatable({}, { __index = function(_, key)
      list[i], list[i + 1] = nil, nil
      collectgarbage()
      return key == "order_item_id" and i or nil
    end })
  end
  return list
end)
print(pcall(http.request, "GET", arg[2], changing { headers = { {}, 1 } }))
print(pcall(csv.rows, changing { path = { "lines.csv" } }))
print(pcall(fs.list, ".", "*", changing { quiet = { 0 / 0, 1e300, "x" } }))
print("walls stand")
