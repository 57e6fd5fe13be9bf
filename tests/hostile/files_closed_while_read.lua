-- tries: finalizers that close a file while it is read: the collector works inside of read, lines and io.lines
-- exit: 0
-- says: ^walls stand, 0 cut
local made = assert(io.open("large.txt", "w"))
made:write(("x"):rep(1 << 20))
made:close()
collectgarbage("setpause", 1)
collectgarbage("setstepmul", 10000)
local file
local function again()
  setmetatable({}, { __gc = function()
    if file then
      pcall(file.close, file)
    end
    again()
  end })
end
again()
local function walk(each)
  for _ in each do
    local _ = {}
  end
end
local cut = 0
for _ = 1, 200 do
  file = assert(io.open "large.txt")
  local ok, text = pcall(file.read, file, "a")
  cut = cut + (ok and #text < 1 << 20 and 1 or 0)
  file = assert(io.open "large.txt")
  pcall(walk, file:lines(100))
  file = assert(io.open "large.txt")
  pcall(io.input, file)
  pcall(io.read, "L")
  file = assert(io.open "large.txt")
  pcall(io.input, file)
  pcall(function() walk(io.lines()) end)
  file = nil
  local each, _, _, own = io.lines("large.txt", 1 << 15, 10)
  file = own
  pcall(walk, each)
end
print("walls stand, " .. cut .. " cut")
