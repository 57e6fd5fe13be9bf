-- tries: string.rep and concat of much, again and again
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
while true do
  local s = ("x"):rep(30 << 20)
  s = s .. s:reverse():upper()
end
