-- release_all.lua FIRST COUNT: so many rows out of nothing, none of which waits.
local first, count = math.tointeger(arg[1]), math.tointeger(arg[2])
local n = 0

local function rows()
  if n < count then
    n = n + 1
    return { item = first + n - 1 }
  end
end

local done = omnitron.release_all(rows, function(row)
  return {
    order_item_id = row.item,
    code = "B/" .. row.item,
    update_stock = true,
  }
end)
assert(done.confirmed + done.already == count, "not all were released")
