-- tries: test.serve with files outside of the test's folder
-- command: test
-- args: 
-- exit: 0
-- never: not ok
test("nothing from outside", function()
  for _, name in ipairs { "../token", "/etc/passwd", "./../token" } do
    test.raises(function()
      test.serve { ["GET /x"] = name }
    end, "folder")
  end
end)
