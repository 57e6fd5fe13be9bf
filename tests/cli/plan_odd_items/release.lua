local items = { "007", "99999999999999999999", "9223372036854775807", "-4",
  "7" }

omnitron.release_all(items, function(item)
  return { order_item_id = item, code = "A/" .. item }
end, { name = function(item) return "n\xFF" .. item end })
