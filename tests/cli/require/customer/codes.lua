sleep(0) -- a module may wait while it loads
return { of = function(item) return "SO-1/" .. item end }
