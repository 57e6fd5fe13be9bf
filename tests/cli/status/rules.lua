return function(row) return { order_item_id = row.item, code = row.code } end
