local function release(code, stock)
  local mapping, message, kind = omnitron.release {
    order_item_id = 46761, code = code, update_stock = stock,
  }
  print(code, stock, mapping and mapping.already, kind, message)
end
release("SO-1/10", false)
release("SO-1/10", false)
release("SO-1/99", true)
release("SO-1/10", true)
release("SO-1/10", true)
release("SO-1/10", false)
