return function() end, { names = 1 }
