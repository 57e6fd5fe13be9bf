-- tries: rows without end that are skipped
-- exit: 143
-- signal: TERM 1
-- sent: 0
-- never: did not come back
omnitron.release_all(function()
  return { item = 1 }
end, function()
  return nil, "skipped"
end)
error("it came back")
