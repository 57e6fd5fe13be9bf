-- tries: metatables of strings, files, readers, rows, tables, replies, lists and refused requests, to change them
-- exit: 3
-- command: plan
-- says: ^walls stand
-- never: ^reached
-- sent: 0
local function try(what, value)
  local meta = getmetatable(value)
  if type(meta) == "table" then
    print("reached " .. what)
    meta.__gc, meta.__index, meta.__tostring, meta.__close = nil, nil, nil, nil
  end
  print(what, pcall(setmetatable, value, {}))
end
local reader = csv.rows "lines.csv"
local _, would = pcall(http.post, "http://192.0.2.1/", { body = "x" })
for what, value in pairs { text = "x", file = io.stderr, reader = reader,
    row = reader(), look_up = csv.table("lines.csv", "item"),
    reply = http.get(arg[2] .. "/x", { any_status = true }) or "no reply",
    list = json.array(), empty = json.decode "[]", would = would } do
  try(what, value)
end
if type(would) == "table" then
  would.would = setmetatable({}, { __tostring = error })
end
omnitron.release_all({ 1 }, function() error(would, 0) end)
omnitron.release_all({ 1 }, function()
  return setmetatable({}, { __index = function() error(would, 0) end })
end)
print("walls stand")
