-- tries: gsub and gmatch with the same, inside pcall
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
while true do
  pcall(string.gsub, ("a"):rep(5000), ("a-"):rep(20) .. "b", "")
  pcall(function() for _ in ("a"):rep(5000):gmatch((".-"):rep(20) .. "b") do end end)
end
