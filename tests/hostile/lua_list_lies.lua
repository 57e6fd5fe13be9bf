-- tries: a list of releases whose length is said to be 2^62, so that memory for none of them is taken
-- exit: 3
-- says: one row gives at most 10000
-- sent: 0
-- args: lines.csv
-- In a table that was made with so many keys they stay where "#" can be lied
-- to about them.
local function liar()
  local keys = {}
  for bit = 0, 62 do
    keys[#keys + 1] = ("[%d] = ..."):format(1 << bit)
  end
  return load("return { " .. table.concat(keys, ", ") .. " }")
end

local lie = liar()
assert(#lie(1) == 1 << 62)
return function(row)
  return lie { order_item_id = row.item, code = row.erp_doc }
end
