return { of = function(n) return "SO-" .. n .. "/10" end }
