-- A reason that begins as the words of a request do, and one without a body.
omnitron.release_all({ 1, 2, 3 }, function(row)
  if row == 1 then
    return nil, "would be too early", "later"
  elseif row == 2 then
    assert(http.delete("https://erp.example/orders/2"))
  end
  return { order_item_id = row, code = "SO-" .. row }
end)
