-- The odd values that the cases odd_* give to every function, alone, in pairs
-- and inside tables: returns the values and what calls a function with each.
local raising = setmetatable({}, { __index = function() error("no") end, __len = function() error("no") end,
  __pairs = function() error("no") end, __tostring = function() error("no") end, __eq = error, __lt = error, __concat = error,
  __call = error, __name = "\27[2J" })
local cyclic = {} cyclic[1], cyclic.x = cyclic, cyclic
local waits = setmetatable({}, { __index = function() sleep(0.001) return nil end, __tostring = function() sleep(0.001) return "x" end })
local odd = { nil, false, true, 0, -0.0, -1, 1.5, 0/0, 1/0, -1/0, 2^53, 2^63, math.maxinteger, math.mininteger, "", " ", "x", "\0", "\255\254",
  "\27[2J\u{202E}", ("x"):rep(1 << 17), "../" , "/", "%s%n", "1e999", {}, { 1, nil, 3 }, cyclic, raising, waits, print, coroutine.create(print), io.stdout, json.null,
  { [0/0 == 0/0] = 1, [1.5] = 2 } }
local function call(name, fn)
  for i = 1, 35 do
    pcall(fn, odd[i])
    pcall(fn, "x", odd[i])
    pcall(fn, odd[i], odd[35 - i], odd[i])
    pcall(fn, { odd[i] }, { x = odd[i] })
  end
  pcall(fn)
  pcall(fn, table.unpack(odd, 1, 35))
end

return odd, call
