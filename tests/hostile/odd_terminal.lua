-- tries: escapes to the terminal by what the program prints of a script: names, reasons, errors, codes, keys, logs
-- exit: 1
-- never: \e\[2J|\e\]0;|\x{9B}2J
local e = "\27[2J\27]0;owned\7\u{9B}2J\u{202E}\r\nerror: forged"
log.warn(e) log.info(e) log.error(e, { [e] = e })
log.debug(e)
omnitron.release_all({ 1, 2, 3 }, function(n)
  if n == 1 then error(e) elseif n == 2 then return nil, e, "later" end
  return { order_item_id = e, code = e, update_stock = true }
end, { name = function() return e end })
pcall(omnitron.release, { order_item_id = 1, code = e, update_stock = true })
pcall(omnitron.remember, e, e)
omnitron.release_all(function() return nil end, print, { cursor = e, at = print })
pcall(http.get, "http://127.0.0.1:1/" .. e)
local function f() error(e, 0) end
load("error('x')", "=" .. e)
local chunk = load("error('x')", "@" .. e)
omnitron.each({ 1 }, chunk)
f()
