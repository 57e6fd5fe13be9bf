-- An order of Nebim: a release for each of its lines. LineDescription is
-- where the connector keeps Omnitron's item.
return function(order)
  if not order.IsCompleted then
    return nil, "still open in Nebim", "later"
  end
  local releases = {}
  for i, line in ipairs(order.Lines) do
    releases[i] = { order_item_id = line.LineDescription, code = line.LineID,
      update_stock = true }
  end
  return releases
end
