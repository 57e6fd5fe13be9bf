local n = 0
omnitron.release_all(function()
  n = n + 1
  if n == 3 then error("the ERP went away") end
  return n
end, function(item)
  return { order_item_id = item, code = "SO-1/" .. item }
end)
