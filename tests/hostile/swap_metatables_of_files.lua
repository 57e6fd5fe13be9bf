-- tries: the metatables of what the library gives: finalizers called by hand, twice, on others
-- exit: 0 1
local things = { io.stdout, csv.rows(here "lines.csv"), coroutine.create(print), io.open(here "lines.csv") }
local ok, lines = pcall(http.lines, arg[1] .. "/x")
things[#things + 1] = lines
for _, thing in ipairs(things) do
  local meta = getmetatable(thing)
  if type(meta) == "table" then
    for name, fn in pairs(meta) do
      if type(fn) == "function" and thing ~= io.stdout then
        print(name, pcall(fn, thing))
        print(name, pcall(fn, thing))
        for _, other in ipairs(things) do
          if other ~= io.stdout then pcall(fn, other, thing) end
        end
      end
    end
    pcall(setmetatable, thing, {})
  end
end
for _ = 1, 10 do collectgarbage() end
print("done")
