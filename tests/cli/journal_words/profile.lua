return { at_once = 1 }
