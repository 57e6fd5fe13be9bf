local text = ("a"):rep(30000)
pcall(string.find, text, ".-.-.-.-b")
