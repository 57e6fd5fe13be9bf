suffix = '-1' return { more = 1 }
