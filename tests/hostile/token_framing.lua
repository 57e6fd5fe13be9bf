-- tries: headers that frame a body of their own, and so a second request: string.lower and string.find say nothing
-- exit: 0 1
-- after: ! cat "$RECORDED"/* 2>/dev/null | grep -qiE '^content-length: 5|^transfer-encoding'
string.lower = function() return "x" end
string.find = function() return nil end
for _, name in ipairs { "Content-Length", "content-length", "CONTENT-LENGTH", "Transfer-Encoding" } do
  local value = name:sub(1, 1) == "T" and "chunked" or "5"
  print(pcall(http.get, arg[1] .. "/a", { tries = 1, headers = { [name] = value } }))
  print(pcall(http.post, arg[1] .. "/a", { body = "POST /b HTTP/1.1\r\n\r\n", headers = { [name] = value } }))
end
