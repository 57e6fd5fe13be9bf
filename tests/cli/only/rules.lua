return function(row)
  return { order_item_id = row.item, code = row.code }
end, { at_once = 1 } -- the ids are given in the order of arrival
