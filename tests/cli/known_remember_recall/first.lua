omnitron.release { order_item_id = 46761, code = "SO-1/10", update_stock = false }
omnitron.release { order_item_id = 99999, code = "SO-1/20" }
print(omnitron.recall("integer"), omnitron.known(46769))
omnitron.remember("integer", math.maxinteger)
omnitron.remember("float", 0.1)
omnitron.remember("text", "10")
omnitron.remember("empty", "")
omnitron.remember("bytes", "\0\xFF\n")
omnitron.remember("twice", 1)
omnitron.remember("twice", 2)
