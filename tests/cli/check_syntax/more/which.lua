local x = 3 local x = ] 4 ] 5
