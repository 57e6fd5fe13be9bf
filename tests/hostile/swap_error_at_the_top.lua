-- tries: an error of the whole script that raises while it is made a text
-- exit: 1
error(setmetatable({}, { __tostring = function() error(setmetatable({}, { __tostring = error })) end, __close = error, __gc = error }))
