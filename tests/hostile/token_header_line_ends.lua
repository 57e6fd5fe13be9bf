-- tries: a second header, or a second request, in the value of a header: string.find finds no line end
-- exit: 0 1
-- after: ! cat "$RECORDED"/* 2>/dev/null | grep -qi '^x-second'
string.find = function() return nil end
for _, text in ipairs { "a\r\nX-Second: 1", "a\nX-Second: 1", "a\rX-Second: 1",
    "a\0\r\nX-Second: 1", "a\r\n\r\nPOST / HTTP/1.1\r\nX-Second: 1" } do
  print(pcall(http.get, arg[1] .. "/a", { tries = 1, headers = { ["X-First"] = text } }))
  print(pcall(http.get, arg[1] .. "/a", { tries = 1, headers = { ["X-First: 1\r\nX-Second"] = text } }))
  print(pcall(http.get, arg[1] .. "/a", { tries = 1, bearer = text }))
  print(pcall(http.get, arg[1] .. "/a " .. text, { tries = 1 }))
end
