-- tries: test.serve with files above its folder and absolute ones
-- command: test
-- exit: 0 1 2
-- never: root:|SERVED
local outside = { "../acme/token", "./token/../../acme/token", here "token", "/etc/passwd", "/proc/self/environ", "../recorded/x", "//etc/passwd" }
for i, path in ipairs(outside) do
  test("outside " .. i, function()
    local ok, url = pcall(test.serve, { ["GET /x"] = path })
    if ok then
      local reply = http.get(url .. "/x")
      print(path, reply and reply.body)
      if reply and #reply.body > 0 then print("SERVED " .. path) end
    end
  end)
end
