-- tries: to take all memory: strings, tables, closures, coroutines, userdata of the library
-- exit: 1
-- says: memory
-- bound: 60
-- profile: memory = "32M"
for _, fn in ipairs {
  function(n) return ("x"):rep(1 << 16) .. n end,
  function(n) return { n, {}, {} } end,
  function(n) return function() return n end end,
  function(n) return coroutine.create(function() return n end) end,
  function(n) return http.client {} end,
} do
  print(pcall(function()
    local all = {}
    for n = 1, 1e7 do all[n] = fn(n) end
  end))
end
local all = {}
while true do all[#all + 1] = ("y"):rep(100000) .. #all end
