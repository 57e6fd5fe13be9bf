return function() return nil, reason end
