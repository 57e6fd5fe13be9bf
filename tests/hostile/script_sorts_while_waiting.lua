-- tries: to wait inside a callback of sort
-- exit: 1
-- says: cannot wait here
-- sent: 0
table.sort({ 1, 2, 3 }, function(a, b) sleep(0.1) return a < b end)
