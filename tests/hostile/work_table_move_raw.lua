-- tries: table.move of nothing over 2^40 places: no instruction of Lua inside
-- exit: 1
-- says: case\.lua:\d+
-- bound: 40
-- profile: run_away = "300ms"
table.move({}, 1, 1 << 40, 2, {})
