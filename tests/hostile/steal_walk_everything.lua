-- tries: the token in anything that a script can reach from its globals: tables, metatables, keys
-- exit: 0
local seen, count = {}, 0
local function walk(value, depth)
  local kind = type(value)
  if kind == "string" then
    print(#value < 2000 and value or "")
  elseif (kind == "table" or kind == "userdata" or kind == "function") and not seen[value] then
    seen[value] = true
    count = count + 1
    print(value)
    local meta = getmetatable(value)
    if meta ~= nil then walk(meta, depth + 1) end
    if kind == "table" and depth < 12 then
      for k, v in next, value do
        walk(k, depth + 1)
        walk(v, depth + 1)
      end
    end
  end
end
walk(_G, 0)
for _, value in ipairs { io.stdout, csv.rows(here "lines.csv"), omnitron.get, http.client {}, coroutine.running() } do
  walk(value, 0)
end
print(pcall(omnitron.get, "/api/i1/orders/"))
local ok, reply = pcall(http.get, arg[2] .. "/api/i1/orders/")
walk(reply, 0)
assert(count > 50)
