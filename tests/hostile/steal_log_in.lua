-- tries: the password: the log-in is the program's own, and its path is not for scripts
-- exit: 0 1 6
-- profile: token_file = nil
-- profile: username = "mock"
-- profile: password_file = "token"
-- never: LOGGED
string.find = function() return nil end
string.lower = function() return "" end
for _, path in ipairs { "/api/i1/auth/login/", "/api/v1/auth/login/", "/api/i1/auth%2flogin/", "/api/i1//auth/login/" } do
  local ok, reply, why = pcall(omnitron.post, path, { username = "mock", password = "mock" })
  print(ok, why)
  if ok and type(reply) == "table" and reply.key then
    print("LOGGED IN: " .. reply.key)
  end
end
pcall(omnitron.get, "@" .. arg[1]:match("//(.*)") .. "/x")
