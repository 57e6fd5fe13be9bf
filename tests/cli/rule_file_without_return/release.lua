local rule = require "rules"
omnitron.release_all({ { item = "46761", code = "A/1" } }, rule)
