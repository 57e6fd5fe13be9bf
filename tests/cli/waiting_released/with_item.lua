return function(row)
  return nil, "not booked yet", "later"
end, { item = function(row) return row.item end }
