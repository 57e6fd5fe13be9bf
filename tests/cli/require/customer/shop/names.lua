return "names"
