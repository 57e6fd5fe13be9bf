print(omnitron.recall("lines"))
