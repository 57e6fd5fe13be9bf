return function(row)
  return nil, "not ours"
end
