print("a
")
