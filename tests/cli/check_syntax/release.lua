local rules = require "rules"
print(rulse)
