-- tries: one item with other codes at the same time, padded, in other Unicode forms, with update_stock to and fro
-- exit: 0 1 3
-- again: 1
-- sent: <=2
local codes = { "A", "A ", " A", "\u{A0}A", "A\u{200B}", "a", "\u{410}", "A\0", "A\n", "e\u{301}", "\u{E9}", "1,23E+11", ("x"):rep(256), "\xFF", "" }
omnitron.each(codes, function(code)
  print(pcall(omnitron.release, { order_item_id = 1, code = code, update_stock = false }))
end, { at_once = 15 })
for _, stock in ipairs { true, false, 1, "true", 0 } do
  print(pcall(omnitron.release, { order_item_id = 1, code = "A", update_stock = stock }))
end
