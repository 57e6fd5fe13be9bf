test("a rule", function() end)
