-- tries: a log-in of the script's own, in any spelling
-- exit: 0
-- says: ^ended$
string.find = function() return nil end
string.lower = function() return "" end
string.gsub = function(s) return s, 0 end
for _, word in ipairs { "auth/login", "auth//login", "AUTH/login", "auth/%6Cogin",
    "auth;x/login", "auth%2flogin", "auth%252Flogin", "auth\\login" } do
  local ok, a, b = pcall(omnitron.post, "/api/i1/" .. word .. "/",
    { username = "mock", password = "mock" })
  assert(not ok or a == nil, word)
  print(word, a, b)
end
print("ended")
