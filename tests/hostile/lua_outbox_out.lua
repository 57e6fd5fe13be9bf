-- tries: every way a script may come by the library's own objects, and then waits and opens with them
-- exit: 0
-- says: ^walls stand
-- never: ^found
-- sent: 3
local seen = {}
local function look(value, path)
  for _, method in ipairs { "wait", "open" } do
    local ok, has = pcall(function() return value[method] end)
    if type(value) == "userdata" and ok and has then
      print("found", path)
    end
  end
  if seen[value] or (type(value) ~= "table") then
    return
  end
  seen[value] = true
  for key, inner in next, value do
    look(key, path .. "[key]")
    look(inner, path .. "." .. tostring(key))
  end
  look(getmetatable(value), path .. "<meta>")
end
omnitron.release_all(csv.rows "lines.csv", function(row, ...)
  look({ row, ... }, "rule")
  look(_G, "_G")
  look(package.loaded, "loaded")
  for i = 1, 9 do
    look({ pcall(select, -i, ...) }, "select")
  end
  return { order_item_id = row.item, code = row.erp_doc }
end, { name = function(...) look({ ... }, "name") return "x" end })
print(type(debug), type(io.popen), type(os.execute), type(os.exit),
  type(package.loadlib), type(package.searchers), type(package.cpath))
print("walls stand")
