omnitron.release_all({ 46761, 46762 }, function(item)
  local line = assert(http.get(settings.erp .. "/lines",
    { query = { item = item } })):json()
  return { order_item_id = item, code = line.code }
end)
