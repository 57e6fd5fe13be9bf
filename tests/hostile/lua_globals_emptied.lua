-- tries: every global, every library and package.loaded emptied before the rule is applied, and traps behind them
-- exit: 0
-- never: trapped
-- sent: 3
-- args: lines.csv
local G, pairs, print, setmetatable = _G, pairs, print, setmetatable
for _, library in pairs(package.loaded) do
  if library ~= G and type(library) == "table" then
    for key in pairs(library) do
      library[key] = nil
    end
  end
end
for key in pairs(package.loaded or {}) do
  package.loaded[key] = nil
end
for key in pairs(G) do
  G[key] = nil
end
setmetatable(G, { __index = function(_, key) print("trapped " .. key) end,
  __newindex = function(_, key) print("trapped " .. key) end })
return function(row)
  return { order_item_id = row.item, code = row.erp_doc }
end
