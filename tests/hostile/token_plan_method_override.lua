-- tries: a write out of a plan: a GET whose header says that it is a POST, methods that are none
-- command: plan
-- exit: 0 1 3 10
-- after: ! cat "$RECORDED"/* 2>/dev/null | grep -qi override
for _, name in ipairs { "X-HTTP-Method-Override", "x-http-method", "X-Method-Override" } do
  for _, method in ipairs { "POST", "DELETE", "post" } do
    print(pcall(http.get, arg[1] .. "/a", { headers = { [name] = method } }))
    print(pcall(http.post, arg[1] .. "/a", { reads = true, headers = { [name] = method } }))
  end
end
string.find = function(s) return 1, #s end
for _, method in ipairs { "get", "GET ", "GET\t", "Get", "POST\0GET", "GET / HTTP/1.1\r\nX-Override: 1\r\n\r\nGET" } do
  print(pcall(http.request, method, arg[1] .. "/a"))
end
