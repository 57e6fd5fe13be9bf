-- tries: to show a secret in a plan: as a code, a name, a reason
-- command: plan
-- exit: 0 1 3 10
-- options: --all
-- profile: settings = { key = secret "token" }
omnitron.release_all({ 1, 2, 3 }, function(row)
  if row == 1 then
    return { order_item_id = 1, code = settings.key, update_stock = true }
  elseif row == 2 then
    return nil, settings.key
  end
  return nil, settings.key, "later"
end, { name = function() return settings.key end })
http.post(arg[1] .. "/" .. settings.key, { body = settings.key })
