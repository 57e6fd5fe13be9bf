return function(row)
  local unused = row.item
  return nil, "none"
end
