-- tries: log lines, names, reasons and codes of megabytes, fields that never end
-- exit: 0 1 3
-- bound: 60
-- options: --log-file log
-- after: test $(stat -c %s log) -lt 20000000
local long = ("x"):rep(1 << 20)
for _ = 1, 2 do
  log.warn(long, { [long] = long })
  pcall(omnitron.release, { order_item_id = 1, code = long, update_stock = true })
  pcall(omnitron.remember, long, long)
  pcall(omnitron.recall, long)
  pcall(omnitron.known, long)
  omnitron.release_all({ 1 }, function() error(long) end, { name = function() return long end })
  omnitron.release_all({ 1 }, function() return nil, long, "later" end)
  pcall(http.get, "http://127.0.0.1:1/" .. long)
  pcall(omnitron.get, "/api/" .. long)
  pcall(time.parse, long)
  pcall(csv.number, long)
  pcall(fs.list, long, long)
  pcall(here, long)
  pcall(require, long)
  pcall(load, long, long)
end
