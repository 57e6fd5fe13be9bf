local summary = omnitron.release_all({ 10, 20 }, function(n)
  return {
    { order_item_id = n, code = "A/" .. n },
    { order_item_id = n + 1, code = "A/" .. n },
  }
end)
print(summary.rows, summary.releases, summary.complete, summary.safe)
print(omnitron.release { order_item_id = 1, code = "A/1" })
print(omnitron.known(10), omnitron.known(11) ~= nil, omnitron.known(20))
