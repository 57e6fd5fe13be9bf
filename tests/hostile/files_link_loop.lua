-- tries: links that lead to themselves, and a path that is longer than any
-- exit: 0
-- setup: ln -s loop loop; ln -s b a; ln -s a b; ln -s . deep
-- says: ^all refused
local function first_row(path)
  return csv.rows(path)()
end

local long = here(("deep/"):rep(2000) .. "x")
for _, path in ipairs { here "loop", here "a", here "loop/x", long, here(("n"):rep(5000)), "", "/", ".", "..", "\1\255" } do
  for _, mode in ipairs { "r", "r+" } do
    assert(not io.open(path, mode), path)
  end
  assert(not pcall(io.lines, path))
  assert(not pcall(first_row, path))
  assert(not loadfile(path))
  assert(not pcall(fs.move, path, here ""))
end
for _, fn in ipairs { io.open, io.lines, io.input, io.output, first_row, loadfile,
    dofile, os.remove, os.rename, fs.move, fs.list } do
  assert(not pcall(fn, "journal\0.csv", "x") or not fn("journal\0.csv", "x"))
end
print("all refused")
