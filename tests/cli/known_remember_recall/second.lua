for _, item in ipairs { 46761, "46761", 99999 } do
  local known = omnitron.known(item)
  print(known.code, known.update_stock, known.state)
end
for _, key in ipairs { "integer", "float", "text", "empty", "bytes", "twice" } do
  print(key, ("%q"):format(omnitron.recall(key)))
end
print(pcall(omnitron.remember, "key", {}))
print(pcall(omnitron.remember, "key", nil))
print(pcall(omnitron.remember, "", 1))
print(pcall(omnitron.remember, "key", 1 / 0))
print(pcall(omnitron.remember, "key", 0 / 0))
print(pcall(omnitron.known, "046761"))
