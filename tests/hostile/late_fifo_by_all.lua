-- tries: a FIFO where a file is meant: lines, input, loadfile, dofile, require, csv, save_to
-- exit: 0 1 3 5
-- bound: 25
-- options: --deadline 1s
-- setup: mkfifo fifo fifo.lua
local path = here "fifo"
for _, fn in ipairs { io.lines, io.input, loadfile, dofile, csv.rows, function() return csv.table(path, "a") end,
  function() return require "fifo" end, function() return io.open(path, "w") end, function() return io.open(path, "a+") end,
  function() return http.get(arg[1] .. "/x", { save_to = path }) end,
  function() return omnitron.release_all(csv.rows(path), print) end,
  function() return fs.move(path, here "x") end } do
  print(pcall(fn, path))
end
