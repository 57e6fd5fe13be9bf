local results = {
  number = function() return 46761 end,
  empty = function() return {} end,
  third = function() return nil, "why", "soon" end,
  field = function() return { order_item_id = 1, code = "A/1", item = 2 } end,
  unkeyed = function() return { code = "A/1" } end,
  float = function() return { order_item_id = 1.0, code = "A/1" } end,
  list = function()
    return { { order_item_id = 1, code = "A/1" }, { order_item_id = 2 } }
  end,
}
return function(row) return results[row.what]() end
