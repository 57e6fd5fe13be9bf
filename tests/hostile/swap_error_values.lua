-- tries: errors that are no texts: tables that raise when read, nil, coroutines, huge ones, in every place
-- exit: 1
-- bound: 40
local odd = { false, 0/0, {}, print, coroutine.create(print), ("x"):rep(1 << 22), "\0\27[2J\255",
  setmetatable({}, { __tostring = function() error("no") end }),
  setmetatable({}, { __tostring = function() return 7 end }),
  setmetatable({}, { __tostring = function() return ("y"):rep(1 << 20) end }),
  setmetatable({}, { __name = 7, __index = function() error("no") end }),
  setmetatable({}, { __tostring = function() sleep(1) return "x" end }) }
for i = 1, #odd do
  pcall(omnitron.release_all, { 1 }, function() error(odd[i]) end)
  pcall(omnitron.each, { 1 }, function() error(odd[i], 0) end)
  pcall(omnitron.release_all, function() error(odd[i]) end, print)
  pcall(omnitron.release_all, { 1 }, function() return nil, odd[i], odd[i] end)
  pcall(omnitron.release_all, { 1 }, function() return odd[i] end)
  pcall(omnitron.release_all, { 1 }, print, { name = function() error(odd[i]) end })
  pcall(omnitron.release_all, { 1 }, print, { name = function() return odd[i] end })
end
error(odd[8])
