local codes = require "codes"
print(codes.of(46761), require "codes" == codes)
print(require "shop.names", require("shop"))
print(pcall(require, "broken"))
print(pcall(require, "missing"))
print(require "json" == json, require("csv") == csv)
print(here "lines.csv")
