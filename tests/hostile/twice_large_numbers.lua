-- tries: items at the edges: 2^53, 2^63 and beyond, floats, inf, nan, -0, as numbers and as digits
-- exit: 0 1 3
local odd = { 0, -0.0, -1, 1.5, 2^53, 2^53 + 1, 9007199254740993, 2^63, math.maxinteger, math.mininteger, 1/0, -1/0, 0/0,
  "9223372036854775807", "9223372036854775808", "18446744073709551617", "00000000000000000001", "9007199254740993.0", "1e3", "",
  "-0", "inf", "nan", ("9"):rep(1000000), true, false, {}, print }
for i = 1, #odd do
  print(i, pcall(omnitron.release, { order_item_id = odd[i], code = "E", update_stock = true }))
  print(i, pcall(omnitron.known, odd[i]))
end
