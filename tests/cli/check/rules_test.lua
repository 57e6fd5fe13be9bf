local helper = require "helper"
test("a rule", function()
  test.rule(helper.rule, { code = "A/1" })
end)
