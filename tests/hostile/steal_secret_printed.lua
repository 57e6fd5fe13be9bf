-- tries: to show a secret of the profile by everything that prints
-- exit: 1
-- profile: settings = { key = secret "token" }
local key = settings.key
assert(#key == 64)
print(key, { key }, key)
print("key=" .. key .. ";")
log.warn(key)
log.error("it is " .. key, { key = key, [key] = 1 })
io.write(key, "\n")
io.stdout:write("a", key, "\n")
io.stderr:write(key, "\n")
omnitron.release_all({ 1, 2 }, function() error(key) end)
omnitron.release_all({ 1 }, function() return nil, key, "later" end, { name = function() return key end })
pcall(http.get, "http://" .. key .. ".invalid/")
print(omnitron.get("/api/i1/" .. key .. "/"))
error(key)
