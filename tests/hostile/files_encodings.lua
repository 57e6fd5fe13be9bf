-- tries: names of encodings that are paths, options of iconv or too long
-- exit: 0
-- says: ^all refused
for _, name in ipairs { "../../x", "/etc/passwd", "ASCII//IGNORE", "x//TRANSLIT",
    ("n"):rep(100000), "", "./x.so", "UTF-8/", "\0", "latin1\0/x" } do
  assert(not pcall(csv.rows, { path = here "lines.csv", encoding = name }), name)
end
print("all refused")
