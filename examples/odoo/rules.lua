-- x_omnitron_item: the field of the order line that keeps Omnitron's item.
return function(line)
  if line.state == "cancel" then
    return nil, "canceled in Odoo"
  elseif line.state ~= "sale" and line.state ~= "done" then
    return nil, "not confirmed yet", "later"
  end
  return {
    order_item_id = line.x_omnitron_item,
    code = "sale.order.line," .. line.id, -- as Odoo names one of its rows
    update_stock = true,
  }
end
