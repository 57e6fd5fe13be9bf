x = 08z
