-- tries: utf8.codes, len, byte over a megabyte, without an end
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
local s = ("\u{10FFFF}"):rep(1 << 18)
while true do utf8.len(s) for _ in utf8.codes(s) do end s:byte(1, 1000) s:lower() end
