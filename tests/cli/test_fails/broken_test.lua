test("never", function()
