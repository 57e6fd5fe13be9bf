-- tries: replaced functions of string, table, math and utf8, and of the methods of strings, which the library calls
-- exit: 0
-- says: none was called
-- never: called:
-- sent: 3
-- setup: echo 'return 1' >dofile.lua
local called, armed = {}, false
for name, library in pairs { string = string, table = table, math = math,
    utf8 = utf8, os = os, coroutine = coroutine } do
  for key, real in pairs(library) do
    if type(real) == "function" then
      library[key] = function(...)
        if armed then
          called[name .. "." .. key] = true
        end
        return real(...)
      end
    end
  end
end
function string.exclaim(text) return text .. "!" end
armed = true
omnitron.get("/api/i1/orders/", { limit = 1.5, a = { 1, true } })
omnitron.pages("/api/i1/orders/")()
http.get(arg[2] .. "/x", { query = { a = 1.5 }, headers = { ["X-Y"] = "z" } })
http.client { base_url = arg[2], basic = "a:b", tries = 2 }.get("/y?z")
omnitron.release_all(csv.rows "lines.csv", function(row)
  return { order_item_id = row.item, code = row.erp_doc }
end, { name = function(row) return row.item end })
here "x"
dofile(here "dofile.lua")
armed = false
for name in pairs(called) do
  print("called: " .. name)
end
if next(called) == nil and ("wall"):exclaim() == "wall!" then
  print("none was called")
end
