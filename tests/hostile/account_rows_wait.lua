-- tries: rows whose releases fit one after the other, in the least memory
-- profile: memory = "2M",
-- exit: 0
-- says: 100 2000 0
-- sent: 2000
local i = 0
local s = omnitron.release_all(function()
  i = i + 1
  if i <= 100 then return { i } end
end, function(row)
  local t = {}
  for k = 1, 20 do
    t[k] = { order_item_id = row[1] * 100 + k, code = "C" .. row[1] .. "/" .. k }
  end
  return t
end)
print(s.rows .. " " .. s.confirmed .. " " .. s.invalid + s.failed)
