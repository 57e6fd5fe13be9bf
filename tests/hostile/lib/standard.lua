-- What every hostile host is asked: each function that reads a reply, once.
-- One line of each says what came of it.
local at = arg[1]

local function told(what, ...)
  local words = {}
  for i = 1, math.min(3, select("#", ...)) do
    local value = select(i, ...)
    words[i] = type(value) == "table" and "table"
      or tostring(value):sub(1, 200):gsub("%c", "?")
  end
  print(what .. ": " .. table.concat(words, ", "))
end

local function try(what, fn, ...)
  told(what, select(2, pcall(fn, ...)))
end

local quick = { timeout = 1, tries = 1 }

try("get", omnitron.get, "/api/i1/orders/")
try("pages", function()
  local n = 0
  for _ in omnitron.pages("/api/i1/orders/") do
    n = n + 1
    if n > 2000 then error("endless pages") end
  end
  return n
end)
try("http.get", http.get, at .. "/erp/lines", quick)
try("json", function()
  local reply = assert(http.get(at .. "/erp/json", quick))
  return reply:json()
end)
try("save_to", http.get, at .. "/erp/file",
  { timeout = 1, tries = 1, save_to = here "saved" })
try("lines", function()
  local n = 0
  for line in http.lines(at .. "/erp/stream", { timeout = 1 }) do
    n = n + #line
    if n > 2000000 then error("endless lines") end
  end
  return n
end)
try("post", http.post, at .. "/erp/orders", { json = { a = 1 }, timeout = 1 })
try("patch", omnitron.patch, "/api/i1/orders/1/", { is_send = true })
try("waiting", function()
  local n = 0
  for _ in omnitron.waiting_orders() do
    n = n + 1
    if n > 2000 then error("endless orders") end
  end
  return n
end)
local mapping, why, kind = omnitron.release {
  order_item_id = 1, code = "SO-1", update_stock = true }
told("release", mapping and "confirmed" or kind, mapping and mapping.pk or why)
