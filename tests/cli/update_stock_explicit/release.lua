omnitron.release_all({ "yes", "no", "silent", "other" }, function(word, n)
  local stocks = { yes = true, no = false, other = "false" }
  return { order_item_id = n, code = "SO-1/" .. n, update_stock = stocks[word] }
end)
print(pcall(omnitron.release, { order_item_id = 9, code = "SO-1/9" }))
