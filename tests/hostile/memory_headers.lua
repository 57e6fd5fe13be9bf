-- tries: requests with 5,000 headers, queries and forms of megabytes
-- exit: 0 1
-- bound: 60
local headers, query = {}, {}
for n = 1, 5000 do headers["x-" .. n], query["q" .. n] = "y", ("z"):rep(50) end
print(pcall(http.get, arg[1] .. "/x", { headers = headers, timeout = 5, tries = 1 }))
print(pcall(http.get, arg[1] .. "/x", { query = query, timeout = 5, tries = 1 }))
print(pcall(http.post, arg[1] .. "/x", { form = query, timeout = 5 }))
print(pcall(omnitron.get, "/api/i1/orders/", query))
print(pcall(http.get, arg[1] .. "/" .. ("a"):rep(9 << 20), { timeout = 5, tries = 1 }))
