return function(row) return { order_item_id = row.item, code = row.code, update_stock = row.update_stock ~= "false" } end
