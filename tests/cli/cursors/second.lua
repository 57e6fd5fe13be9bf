for _, key in ipairs { "odoo", "share", "since", "digits", "new", "old" } do
  local value = omnitron.recall(key)
  print(key, math.type(value) or type(value), ("%q"):format(value))
end
