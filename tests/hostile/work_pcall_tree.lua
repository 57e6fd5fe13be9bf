-- tries: a tree of pcalls, 30 deep, each of which calls two
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local function tree(n)
  if n > 0 then
    pcall(tree, n - 1)
    pcall(tree, n - 1)
  end
end
tree(40)
