-- tries: csv.rows of /dev/zero: a line without an end
-- exit: 1 3 5
-- bound: 25
-- options: --deadline 1s
-- never: complete
omnitron.release_all(csv.rows("/dev/zero"), function() return nil, "x" end)
