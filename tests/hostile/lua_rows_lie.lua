-- tries: lists of rows, headers and JSON whose length is said to be 2^62
-- exit: 0 1 3
-- says: ^walls stand
-- sent: 0
-- In a table that was made with so many keys they stay where "#" can be lied
-- to about them.
local function lying()
  local keys = {}
  for bit = 0, 62 do
    keys[#keys + 1] = ("[%d] = ..."):format(1 << bit)
  end
  return load("return { " .. table.concat(keys, ", ") .. " }")
end
local liar = lying()
print(pcall(omnitron.each, liar(1), function() end))
print(pcall(json.encode, liar(1)))
print(pcall(http.post, arg[2] .. "/x", { form = { a = liar("b") } }))
print(pcall(omnitron.get, "/api/i1/orders/", { a = liar("b") }))
print(pcall(table.concat, liar("b")))
print(pcall(table.unpack, liar("b")))
print(pcall(log.info, "x", liar("b")))
omnitron.release_all({ liar { a = 1 } }, function(row) error("no") end)
print("walls stand")
