-- one_by_one.lua FIRST COUNT: each release waits for the one before.
local first, count = math.tointeger(arg[1]), math.tointeger(arg[2])

for item = first, first + count - 1 do
  assert(omnitron.release {
    order_item_id = item,
    code = "B/" .. item,
    update_stock = true,
  })
end
