local lines = assert(http.get(settings.erp .. "/lines")):json()
omnitron.release_all(lines, function(line)
  return { order_item_id = line.item, code = line.code }
end, { cursor = "erp", at = function(line) return line.at end })
