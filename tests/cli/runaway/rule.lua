omnitron.release_all({ 1, 2 }, function(n)
  while n == 2 do pcall(error) end
  return { order_item_id = n, code = "SO-1/" .. n }
end)
